package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// The lines of the templates that are replaced.
const (
	marker         = "<!-- operations -->"
	detailedMarker = "<!-- operations with paths -->"
	problemsMarker = "<!-- problems -->"
	allMarker      = "<!-- all -->"
	statusMarker   = "<!-- %s -->" // documented or assumed: how many are.
	lineMarker     = "<!-- line of shapes.profile -->"
)

// fillPages writes into pages, in place of a marker, what the code knows: the
// table that maps the operations of the API to the constructs of Terraform, and
// the register of codes. The table is read off the schema, where each description
// ends with the operations that the construct calls.
func fillPages(ctx context.Context, pages []string) error {
	document, err := readDocument(ctx, server())
	if err != nil {
		return err
	}
	spoken, err := dialect.Load()
	if err != nil {
		return fmt.Errorf("read the default dialect: %w", err)
	}
	rows := operations(document.Schemas[address], spoken)
	parts := strings.NewReplacer(append(counts(rows),
		lineMarker, strconv.Itoa(spoken.Where("shapes.profile").Line),
		marker, table(rows, false), detailedMarker, table(rows, true), problemsMarker, errcode.Page())...)
	for _, page := range pages {
		if err := fill(filepath.Clean(page), parts); err != nil {
			return err
		}
	}
	return nil
}

// fill puts the parts in place of the markers of a page.
func fill(page string, parts *strings.Replacer) error {
	text, err := os.ReadFile(page) //nolint:gosec // make names the file.
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	filled := parts.Replace(string(text))
	if filled == string(text) {
		return fmt.Errorf("%s has no marker, such as %q", page, marker)
	}
	const readable = 0o644
	if err := os.WriteFile(page, []byte(filled), readable); err != nil { //nolint:gosec // the docs are for everybody.
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// row is one operation and what reaches it.
type row struct {
	operation, method, path string
	// page documents the operation; empty for an assumed one.
	page       string
	constructs []string
}

var (
	callsPattern     = regexp.MustCompile(`(?s)Calls .*$`)
	operationPattern = regexp.MustCompile("`([a-z_]+)`")
)

// operations returns a row for each operation, in the order of the reference.
func operations(schema *tfjson.ProviderSchema, spoken *dialect.Dialect) []row {
	reached := beyondTheSchema()
	add := func(kind string, entities map[string]*tfjson.Schema) {
		for _, name := range slices.Sorted(maps.Keys(entities)) {
			for _, operation := range called(entities[name].Block.Description) {
				reached[operation] = append(reached[operation], fmt.Sprintf("%s %#q", kind, name))
			}
		}
	}
	add("resource", schema.ResourceSchemas)
	add("data", schema.DataSourceSchemas)
	add("list", schema.ListResourceSchemas)
	actions := map[string]*tfjson.Schema{}
	for name, action := range schema.ActionSchemas {
		actions[name] = &tfjson.Schema{Block: action.Block}
	}
	add("action", actions)
	add("ephemeral", schema.EphemeralResourceSchemas)
	rows := []row{
		// These have hosts of their own: see the guide on provenance.
		{"authorize", "GET", "/oAuth/authorize", "build-authorization-url", reached["authorize"]},
		{"create_token", "POST", "/v1/oauth2/token", "generate-access-token", reached["create_token"]},
		{"create_platform_key", "POST", "/create-refresh-token", "authentication", reached["create_platform_key"]},
	}
	for _, op := range connectapi.Operations() {
		if method, path := spoken.Request(op.Name); method != "" {
			rows = append(rows, row{string(op.Name), method, path, op.Page, reached[string(op.Name)]})
		}
	}
	return rows
}

// beyondTheSchema is what reaches an operation without being in the schema: the
// provider block, functions and the companion command.
func beyondTheSchema() map[string][]string {
	return map[string][]string{
		"authorize":                      {"`appypie login`", "function `authorization_url`"},
		"create_token":                   {"provider configuration", "`appypie login`", "`appypie token`"},
		"create_platform_key":            {"provider configuration (`token_key`, `secret_key`)"},
		"connect_account":                {"`appypie accounts connect`"},
		"get_connected_account_by_token": {"`appypie accounts connect`"},
		"list_categories":                {"`appypie apps`", "`appypie export`"},
		"list_apps":                      {"`appypie apps`"},
		"list_connected_accounts":        {"`appypie accounts`", "`appypie scaffold`", "`appypie export`"},
		"list_popular_matches":           {"`appypie matches`", "`appypie scaffold`"},
		"get_popular_match":              {"`appypie fields`", "`appypie scaffold`", "`appypie export`"},
		"get_trigger":                    {"`appypie fields`", "`appypie scaffold`"},
		"get_action":                     {"`appypie fields`", "`appypie scaffold`"},
		"list_dropdown_options":          {"`appypie fields`", "`appypie scaffold`"},
		"list_connects":                  {"`appypie connects`", "`appypie export`"},
		"get_connect_history":            {"`appypie history`", "`appypie fields`"},
	}
}

// called are the operations that a description ends with.
func called(description string) []string {
	var names []string
	for _, match := range operationPattern.FindAllStringSubmatch(callsPattern.FindString(description), -1) {
		names = append(names, match[1])
	}
	return names
}

// provenance is documented or assumed.
func (r row) provenance() string {
	if r.page != "" {
		return "documented"
	}
	return "assumed"
}

// counts are the markers of how many operations there are, with the numbers.
func counts(rows []row) []string {
	parts := []string{allMarker, strconv.Itoa(len(rows))}
	for _, status := range []string{"documented", "assumed"} {
		of := len(slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.provenance() != status }))
		parts = append(parts, fmt.Sprintf(statusMarker, status), strconv.Itoa(of))
	}
	return parts
}

// table renders the rows, detailed with method, path and page.
func table(rows []row, detailed bool) string {
	var b strings.Builder
	if detailed {
		b.WriteString("| operation | method and path | provenance | Terraform |\n|---|---|---|---|\n")
	} else {
		b.WriteString("| operation | | Terraform |\n|---|---|---|\n")
	}
	for _, row := range rows {
		cells := []string{fmt.Sprintf("%#q", row.operation), row.provenance(), strings.Join(row.constructs, ", ")}
		if detailed {
			if row.page != "" {
				cells[1] += fmt.Sprintf(" (%#q)", row.page)
			}
			cells = slices.Insert(cells, 1, fmt.Sprintf("%#q", row.method+" "+row.path))
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
