package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func newAppsCommand(m machine) *cobra.Command {
	return lookupCommand(m, &cobra.Command{
		Use:   "apps [TEXT]",
		Short: "List the apps, by name",
		Long: "apps lists the apps that connects can join, with their ids and categories. With TEXT it lists only apps\n" +
			"with that text in their name.",
		Example: "  appypie apps\n  appypie apps google\n  appypie apps sheets --json",
		Args:    cobra.MaximumNArgs(1),
	}, func(l *lookup, args []string) error { return l.listApps(strings.Join(args, "")) },
		"the apps are listed", "no app has the text in its name, or the apps could not be read")
}

// appJSON is the form for programs.
type appJSON struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Slug       string   `json:"slug"`
	Categories []string `json:"categories"`
	// AuthType is empty for an app that needs no account.
	AuthType string `json:"auth_type"`
}

func (l *lookup) listApps(text string) error {
	apps, err := l.apps()
	if err != nil {
		return err
	}
	found := filter(apps, func(app connectapi.App) bool { return contains(text, app.Name, app.SeoLink) })
	if len(found) == 0 {
		near := appFinder().near(apps, text)
		if len(near) > 0 {
			return errcode.Errorf(errcode.AppNotFound, "no app has %s in its name; did you mean %s?", quoted(text), appFinder().list(near))
		}
		return errcode.Errorf(errcode.AppNotFound, "none of the %d apps has %s in its name", len(apps), quoted(text))
	}
	categories, err := l.categoryNames()
	if err != nil {
		return err
	}
	slices.SortStableFunc(found, func(a, b connectapi.App) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	rows, views := [][]string{{"NAME", "ID", "CATEGORY"}}, []appJSON{}
	for _, app := range found {
		view := appJSON{ID: app.ID, Name: app.Name, Slug: app.SeoLink, AuthType: app.AuthType, Categories: []string{}}
		for _, id := range app.CategoryIDs {
			if name := categories[id]; name != "" {
				view.Categories = append(view.Categories, name)
			}
		}
		rows, views = append(rows, []string{app.Name, app.ID, strings.Join(view.Categories, ", ")}), append(views, view)
	}
	if l.asJSON {
		return l.json(views)
	}
	if err := l.table(rows...); err != nil {
		return err
	}
	l.next("`appypie matches TRIGGER-APP ACTION-APP` lists the ways to join two of them.")
	return nil
}

// categoryNames are the names of all categories by their ids.
func (l *lookup) categoryNames() (map[string]string, error) {
	categories, err := l.client.Categories(l)
	if err != nil {
		return nil, fmt.Errorf("list the categories: %w", err)
	}
	names := map[string]string{}
	for _, category := range categories {
		names[category.ID] = category.Name
	}
	return names, nil
}

// appFinder finds apps by what people call them.
func appFinder() finder[connectapi.App] {
	return finder[connectapi.App]{
		kind: "app", by: "id, slug or name", code: errcode.AppNotFound,
		ids: func(app connectapi.App) []string {
			if app.SeoLink == "" {
				return []string{app.ID}
			}
			return []string{app.ID, app.SeoLink}
		},
		name:     func(app connectapi.App) string { return app.Name },
		describe: func(app connectapi.App) string { return fmt.Sprintf("%s (%s)", app.Name, app.ID) },
	}
}
