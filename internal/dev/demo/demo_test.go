package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	devservice "github.com/appypie-community/terraform-provider-appypie/internal/dev/service"
	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// TestMain stands for a simulator that is broken when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "simulator" {
		_, _ = os.Stderr.WriteString("no port is free\n")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestWanted(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "0": false, "No": false, "false": false, "1": true, "yes": true} {
		if got := wanted(value); got != want {
			t.Errorf("KEEP=%q: %v, want %v", value, got, want)
		}
	}
}

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

func TestServiceThatDoesNotStart(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	_, err = devservice.Start(t.Context(), tfrun.NewWorkspace(t.TempDir()), program)
	failed, ok := errors.AsType[*tfrun.Error](err)
	if !ok || !strings.Contains(failed.Error(), "ended before it listened") || failed.Output != "no port is free\n" {
		t.Errorf("error %v", err)
	}
}

func TestPersonInTheWebEditor(t *testing.T) {
	t.Parallel()
	server, err := simulator.Start(t.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	made := server.CreateConnect(server.Catalog().Matches()[0].ID, "Watched")
	if err := server.Edit(made.ID, func(c *simulator.Connect) { c.Status = simulator.StatusOn }); err != nil {
		t.Fatal(err)
	}
	s := service{&devservice.Process{Admin: devservice.NewAdmin(server.URL)}}

	if err := s.turnOff(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	held, err := s.connect(t.Context(), made.ID)
	if err != nil || held.Status != "OFF" || held.Name != "Watched" {
		t.Errorf("the service holds %+v (%v)", held, err)
	}
	if _, err := s.connect(t.Context(), "none"); err == nil {
		t.Error("a connect that does not exist was found")
	}
	if err := s.turnOff(t.Context(), "none"); err == nil {
		t.Error("a connect that does not exist was turned off")
	}
}

// companionSeed is the default of `appypie simulator --seed`, which decides the
// values behind the labels of a drop-down.
const companionSeed = 1

// TestQuickstartChoosesWhatTheSimulatorOffers keeps the values in the quickstart's
// locals true.
func TestQuickstartChoosesWhatTheSimulatorOffers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "guides", "quickstart", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	offered := offeredChoices(catalog.New(companionSeed))
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
