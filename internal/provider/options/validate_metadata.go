package options

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
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

	return diag.Diagnostics{diag.NewWarningDiagnostic("Options were not checked",
		fmt.Sprintf("Could not fetch %s, so the plan was not checked against it. There may be more in this run that was not checked; it is said once. %s", what, tfkit.Sentence(err)))}
}

func asWarnings(diags diag.Diagnostics) diag.Diagnostics {
	var warnings diag.Diagnostics

	for _, d := range diags {
		if d.Severity() == diag.SeverityWarning {
			warnings.Append(d)

			continue
		}

		if at, ok := d.(diag.DiagnosticWithPath); ok {
			warnings.AddAttributeWarning(at.Path(), d.Summary(), d.Detail())
		} else {
			warnings.AddWarning(d.Summary(), d.Detail())
		}
	}

	return warnings
}
