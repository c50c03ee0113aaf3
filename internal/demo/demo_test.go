package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

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

func TestEnvironmentOfTheUserStaysOut(t *testing.T) {
	t.Parallel()
	space := &workspace{root: filepath.FromSlash("/demo")}
	inherited := []string{
		"PATH=/bin", "HOME=/home/ada", "TF_LOG=TRACE", "TF_CLI_ARGS=-destroy", "TF_CLI_CONFIG_FILE=/home/ada/.terraformrc",
		"TF_VAR_signing_secret=x", "APPYPIE_ACCESS_TOKEN=x", "XDG_CONFIG_HOME=/home/ada/.config", "AWS_SECRET_ACCESS_KEY=x",
	}
	clean := cleanEnvironment(inherited, space)
	for _, want := range []string{"PATH=/bin", "HOME=" + space.path("home"), "TF_CLI_CONFIG_FILE=" + space.cliConfig()} {
		if !slices.Contains(clean, want) {
			t.Errorf("%s is missing in %q", want, clean)
		}
	}
	for _, entry := range clean {
		if strings.Contains(entry, "ada") || strings.HasSuffix(entry, "=x") || strings.Contains(entry, "TRACE") || strings.Contains(entry, "-destroy") {
			t.Errorf("%s is passed on", entry)
		}
	}
}

func TestMirrorIsLaidOutAsTerraformReadsIt(t *testing.T) {
	t.Parallel()
	got := strings.Join(mirrorPath(), "/")
	want := "appypie-community/appypie/" + providerVersion + "/" + runtime.GOOS + "_" + runtime.GOARCH
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	config := mirrorConfig(`C:\demo\mirror`)
	if strings.Contains(config, "direct") || !strings.Contains(config, "filesystem_mirror") {
		t.Errorf("the configuration lets Terraform install from elsewhere:\n%s", config)
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
	want := "   # appypie_connect.leads will be updated in-place\n" +
		"   ~ enabled             = false -> true\n" +
		"   Plan: 0 to add, 1 to change, 0 to destroy.\n" +
		"   appypie_connect.leads: Modifications complete after 0s [id=a]\n"
	if shown.String() != want {
		t.Errorf("shown\n%s\nwant\n%s", shown.String(), want)
	}
}

func TestCallReportsHowAProgramEnded(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unknownFlag := func(ctx context.Context) (string, int, error) {
		return call(ctx, command(ctx, "", nil, program, "-no-such-flag"))
	}
	output, code, err := unknownFlag(t.Context())
	if err != nil || code != 2 || !strings.Contains(output, "no-such-flag") {
		t.Errorf("output %q, code %d, error %v", output, code, err)
	}
	_, err = mustCall(t.Context(), command(t.Context(), "", nil, program, "-no-such-flag"))
	failed, ok := errors.AsType[*commandError](err)
	if !ok || !strings.Contains(failed.output, "no-such-flag") {
		t.Errorf("error %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := unknownFlag(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the context ended", err)
	}
}

func TestServiceThatDoesNotStart(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	space := &workspace{root: t.TempDir()}
	if err := copyFile(program, space.companion(), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = startService(t.Context(), space)
	failed, ok := errors.AsType[*commandError](err)
	if !ok || !strings.Contains(failed.Error(), "ended before it listened") || failed.output != "no port is free\n" {
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
	s := &service{info: readyInfo{URL: server.URL}, http: newAdminClient()}
	t.Cleanup(s.http.CloseIdleConnections)

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
	if block, err := s.providerBlock(t.Context()); err != nil || !regexp.MustCompile(`refresh_token = "rt_\w+"`).MatchString(block) {
		t.Errorf("the provider block is\n%s\n(%v)", block, err)
	}
}

// companionSeed is the default of `appypie simulator --seed`, which decides the
// values behind the labels of a drop-down.
const companionSeed = 1

// TestQuickstartChoosesWhatTheSimulatorOffers keeps the values in the quickstart's
// locals true.
func TestQuickstartChoosesWhatTheSimulatorOffers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "guides", "quickstart", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	offered := offeredChoices(catalog.New(companionSeed))
	locals := regexp.MustCompile(`(?m)^  \w+ += "([0-9a-f]{24})" # (.+)$`).FindAllStringSubmatch(string(text), -1)
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
