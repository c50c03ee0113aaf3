package catalog

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider/tfkit"
)

type categoryModel struct {
	ID      types.String `tfsdk:"id"`
	Name    types.String `tfsdk:"name"`
	SeoLink types.String `tfsdk:"seo_link"`
}

func newCategoryModel(category connectapi.Category) categoryModel {
	return categoryModel{
		ID:      types.StringValue(category.ID),
		Name:    tfkit.StringOrNull(category.Name),
		SeoLink: tfkit.StringOrNull(category.SeoLink),
	}
}

func categoryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":       tfkit.ComputedString("Id of the category."),
		"name":     tfkit.ComputedString("Name of the category, such as `CRM`."),
		"seo_link": tfkit.ComputedString("Slug of the category in the service's web addresses, such as `crm`."),
	}
}

func describeCategory(category connectapi.Category) string {
	return fmt.Sprintf("%s (%s)", category.Name, category.ID)
}
