package catalog

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type appModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	SeoLink     types.String `tfsdk:"seo_link"`
	Description types.String `tfsdk:"description"`
	Logo        types.String `tfsdk:"logo"`
	AuthType    types.String `tfsdk:"auth_type"`
	CategoryIDs []string     `tfsdk:"category_ids"`
}

func newAppModel(app connectapi.App) appModel {
	return appModel{
		ID:          types.StringValue(app.ID),
		Name:        tfkit.StringOrNull(app.Name),
		SeoLink:     tfkit.StringOrNull(app.SeoLink),
		Description: tfkit.StringOrNull(app.Description),
		Logo:        tfkit.StringOrNull(app.Logo),
		AuthType:    tfkit.StringOrNull(app.AuthType),
		// An app without categories has an empty list: null would break for_each.
		CategoryIDs: append([]string{}, app.CategoryIDs...),
	}
}

func appAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          tfkit.ComputedString("Id of the app."),
		"name":        tfkit.ComputedString("Name of the app, such as `Google Sheets`."),
		"seo_link":    tfkit.ComputedString("Slug of the app in the service's web addresses, such as `google-sheets`."),
		"description": tfkit.ComputedString("What the app does, in the service's words."),
		"logo":        tfkit.ComputedString("Address of the app's logo."),
		"auth_type": tfkit.ComputedString("How a connected account of the app signs in: `O_AUTH_V2`, `API_KEY` or `BASIC_AUTH` (documented); " +
			"null when the app needs no connected account."),
		"category_ids": schema.ListAttribute{
			ElementType:         types.StringType,
			Computed:            true,
			MarkdownDescription: "Ids of the categories that list the app.",
		},
	}
}

// inCategory reports whether the app belongs to the category; an empty id stands
// for any. The service is asked for just that category, but it is only assumed
// to heed that, so an app that names other categories is left out. An app that
// names none is believed to have been filtered.
func inCategory(app connectapi.App, categoryID string) bool {
	return categoryID == "" || len(app.CategoryIDs) == 0 || slices.Contains(app.CategoryIDs, categoryID)
}

func describeApp(app connectapi.App) string { return fmt.Sprintf("%s (%s)", app.Name, app.ID) }
