// Package catalog holds the data sources of what the service offers to
// everyone: categories, apps, their triggers and actions, popular matches and
// the choices of options.
package catalog

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// DataSources lists the data sources of this room.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		NewActionDataSource,
		NewActionsDataSource,
		NewAppDataSource,
		NewAppsDataSource,
		NewCategoriesDataSource,
		NewCategoryDataSource,
		NewDropdownOptionsDataSource,
		NewPopularMatchDataSource,
		NewPopularMatchesDataSource,
		NewSampleDataDataSource,
		NewTriggerDataSource,
		NewTriggersDataSource,
	}
}

// notEmpty refuses "", which would look like a search for something without a
// name, and is more likely a variable that nobody set.
func notEmpty() validator.String { return stringvalidator.LengthAtLeast(1) }

// containsFold reports whether any of the texts contains part, in any case.
func containsFold(part string, texts ...string) bool {
	for _, text := range texts {
		if strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
			return true
		}
	}
	return false
}
