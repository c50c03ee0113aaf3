package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

func TestExcerptShowsWhatTells(t *testing.T) {
	t.Parallel()
	output := strings.Join([]string{
		"data.appypie_app.all: Reading...",
		"  # appypie_connect.leads will be updated in-place",
		"  ~ resource \"appypie_connect\" \"leads\" {",
		"      ~ enabled             = false -> true",
		"        id                  = \"a\"",
		"Plan: 0 to add, 1 to change, 0 to destroy.",
		"Plan: 0 to add, 1 to change, 0 to destroy.",
		"Saved the plan to: demo.tfplan",
		"appypie_connect.leads: Modifications complete after 0s [id=a]\r",
	}, "\n")
	var shown bytes.Buffer
	newPrinter(&shown).excerpt(output)
	want := "   ~ appypie_connect.leads will be updated in-place\n" +
		"     ~ enabled             = false -> true\n" +
		"   Plan: 0 to add, 1 to change, 0 to destroy.\n" +
		"   appypie_connect.leads: Modifications complete after 0s [id=a]\n"
	if shown.String() != want {
		t.Errorf("shown\n%s\nwant\n%s", shown.String(), want)
	}
}

// TestQuickstartChoosesWhatTheSimulatorOffers keeps the values in the quickstart's
// locals true.
func TestQuickstartChoosesWhatTheSimulatorOffers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "guides", "quickstart", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	offered := offeredChoices(catalog.New(seed))
	locals := regexp.MustCompile(`(?m)^  \w+ += "([^"]+)" +# (.+)$`).FindAllStringSubmatch(string(text), -1)
	if len(locals) != 6 {
		t.Fatalf("%d values in the locals, want 6", len(locals))
	}
	for _, local := range locals {
		if offered[local[1]] != local[2] {
			t.Errorf("the simulator offers %q behind the value %s, not %q", offered[local[1]], local[1], local[2])
		}
	}
}

// offeredChoices maps the value of every choice to its label, with those of the
// worksheets below each spreadsheet.
func offeredChoices(cat *catalog.Catalog) map[string]string {
	offered := map[string]string{}
	for _, app := range cat.Apps() {
		for _, event := range append(slices.Clone(cat.Triggers(app.ID)), cat.Actions(app.ID)...) {
			for _, field := range event.Fields {
				for _, parent := range []string{"", "Leads 2026"} {
					values := map[string]string{"spreadsheet": parent}
					for _, choice := range cat.DropdownChoices(field, "", values) {
						offered[choice.Value] = choice.Label
					}
				}
			}
		}
	}
	return offered
}

// TestDemoSpeaksEachDialect runs the whole demo with services that nothing but a
// dialect file describes. The default one is run as the README says.
func TestDemoSpeaksEachDialect(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("it runs Terraform: set TF_ACC=1")
	}
	for _, spoken := range []string{"rpc", "rest"} {
		t.Run(spoken, func(t *testing.T) {
			t.Parallel()
			var out, problems bytes.Buffer
			if code := run([]string{"-dialect", spoken}, strings.NewReader(""), &out, &problems); code != 0 || !strings.Contains(out.String(), "Done: 3 connects made") {
				t.Errorf("exit code %d\n%s\n%s", code, out.String(), problems.String())
			}
		})
	}
}
