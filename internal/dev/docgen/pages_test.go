package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/contract"
)

// The first page of the docs maps every operation of the contract to something
// in Terraform. That the page is the generated one is checked by generate-check.
func TestEveryOperationIsReached(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "index.md"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range document.Operations() {
		start := "| `" + operation.ID + "` | " + operation.Provenance.Status + " | "
		_, rest, found := strings.Cut(string(page), start)
		if construct, _, _ := strings.Cut(rest, " |"); !found || construct == "" {
			t.Errorf("the docs do not say what reaches %s (%s)", operation.ID, operation.Provenance.Status)
		}
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	described := func(description string) *tfjson.Schema {
		return &tfjson.Schema{Block: &tfjson.SchemaBlock{Description: description}}
	}
	spoken, err := dialect.Load()
	if err != nil {
		t.Fatal(err)
	}
	rows := operations(&tfjson.ProviderSchema{
		ResourceSchemas:   map[string]*tfjson.Schema{"appypie_b": described("Not `get_app`. Calls `get_profile`, `list_apps` (assumed).")},
		DataSourceSchemas: map[string]*tfjson.Schema{"appypie_a": described("Calls `get_profile` (documented).")},
	}, spoken)
	if got := strings.Join(counts(rows), " "); !regexp.MustCompile(`^<!-- all --> \d+ <!-- documented --> \d+ <!-- assumed --> \d+$`).MatchString(got) {
		t.Errorf("counts: %s", got)
	}
	text := table(rows, false) + table(rows, true)

	for _, want := range []string{
		"| `get_profile` | documented | resource `appypie_b`, data `appypie_a` |",
		"| `list_apps` | assumed | `appypie apps`, resource `appypie_b` |",
		"| `get_app` | assumed |  |",
		"| `get_profile` | `GET /me` | documented (`get-profile`) | resource `appypie_b`, data `appypie_a` |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table lacks %s:\n%s", want, text)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	page := filepath.Join(dir, "page.md")
	if err := os.WriteFile(page, []byte("no marker"), 0o600); err != nil {
		t.Fatal(err)
	}
	for label, args := range map[string][]string{"no page": {"pages"}, "no marker": {"pages", page}, "a page that is not there": {"pages", page + "x"}, "nothing": nil} {
		if err := run(t.Context(), args, io.Discard); err == nil {
			t.Errorf("%s: no error", label)
		}
	}
}
