package account

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type profileDataSource struct{ tfkit.DataSourceBase }

type profileModel struct {
	ID    types.String `tfsdk:"id"`
	Name  types.String `tfsdk:"name"`
	Email types.String `tfsdk:"email"`
	Plan  types.String `tfsdk:"plan"`
}

// NewProfileDataSource returns the data source appypie_profile.
func NewProfileDataSource() datasource.DataSource { return &profileDataSource{} }

// Metadata implements datasource.DataSource.
func (d *profileDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_profile"
}

// Schema implements datasource.DataSource.
func (d *profileDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the user whose credentials the provider uses.\n\nIts attributes other than `id` are assumed.\n\n" + tfkit.Provenance(dialect.GetProfile),
		Attributes: map[string]schema.Attribute{
			"id":    tfkit.ComputedString("Id of the user."),
			"name":  tfkit.ComputedString("Name of the user; null if the service tells none."),
			"email": tfkit.ComputedString("E-mail address of the user, which is personal data; null if the service tells none."),
			"plan":  tfkit.ComputedString("Name of the user's plan at the service; null if the service tells none."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *profileDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	tfkit.ReadDataSource(ctx, req, resp, func(model *profileModel, diags *diag.Diagnostics) {
		profile, err := d.Provider.Client.Profile(ctx)
		if err != nil {
			tfkit.AddError(diags, "Cannot read the profile", err)
			return
		}
		*model = newProfileModel(*profile)
	})
}

func newProfileModel(profile connectapi.Profile) profileModel {
	return profileModel{
		ID:    types.StringValue(profile.ID),
		Name:  tfkit.StringOrNull(profile.Name),
		Email: tfkit.StringOrNull(profile.Email),
		Plan:  tfkit.StringOrNull(profile.Plan),
	}
}
