package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	got := problems([]errcode.Group{
		{Title: "Connects", Entries: []errcode.Entry{
			{Code: "AP1201", Title: "Which action?", Cause: "There are two.", Cure: "Choose."},
			{Code: "AP1202", Title: "Gone", Cause: "It is gone.", Cure: "Apply.", Guide: "on-off"},
		}},
		{Title: "Options", Entries: []errcode.Entry{{Code: "AP1301", Title: "Missing", Cause: "None.", Cure: "Add it."}}},
	})
	want := `## Connects

### AP1201

**Which action?** There are two.

Choose.

### AP1202

**Gone.** It is gone.

Apply. See [On off](on-off.md).

## Options

### AP1301

**Missing.** None.

Add it.`
	if got != want {
		t.Errorf("the register reads:\n%s", got)
	}
}

// Each page has its own marker, and gets what it stands for.
func TestRunFillsMarkers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	schema, page := filepath.Join(dir, "schema.json"), filepath.Join(dir, "page.md")
	for name, text := range map[string]string{schema: "{}", page: "before\n\n" + problemsMarker + "\n\nafter\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := fillPages([]string{schema, page}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if want := "before\n\n" + problems(errcode.Groups()) + "\n\nafter\n"; string(got) != want {
		t.Errorf("the page reads:\n%s", got)
	}
}
