package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
)

// Each page has its own marker, and gets what it stands for.
func TestRunFillsMarkers(t *testing.T) {
	t.Parallel()
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("before\n\n"+problemsMarker+"\n\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := fillPages(t.Context(), []string{page}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if want := "before\n\n" + errcode.Page() + "\n\nafter\n"; string(got) != want {
		t.Errorf("the page reads:\n%s", got)
	}
}
