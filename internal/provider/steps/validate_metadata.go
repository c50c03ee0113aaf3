package steps

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

// MetadataProblem is the diagnostic for metadata that could not be fetched:
// one warning in a run, because a service that fails once fails often. Refused
// credentials are an error each time, because nothing else can succeed.
func MetadataProblem(provider *tfkit.ProviderData, what string, err error) diag.Diagnostics {
	var (
		authErr   *auth.Error
		configErr *auth.ConfigError
	)
	if errors.Is(err, connectapi.ErrUnauthorized) || errors.As(err, &authErr) || errors.As(err, &configErr) {
		return diag.Diagnostics{tfkit.ErrorDiagnostic("Cannot sign in to Appy Pie Connect", err)}
	}
	if !provider.Metadata.WarnOnce() {
		return nil
	}
	var diags diag.Diagnostics
	tfkit.Warning(&diags, errcode.OptionsNotChecked,
		fmt.Sprintf("Could not fetch %s, so the plan was not checked against it. Other checks of this run may have failed, too: this warning is shown once. %s", what, tfkit.Sentence(err)))
	return diags
}
