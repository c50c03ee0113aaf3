package main

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestMain stands for a simulator that is broken when it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "simulator" {
		_, _ = os.Stderr.WriteString("no port is free\n")
		os.Exit(1)
	}
	code := m.Run()
	acctest.RemoveBinary()
	os.Exit(code)
}

func TestParse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		scales []scale
		phases []string
		fails  bool
	}{
		"narrowed":       {args: []string{"-n", "7,8x4", "-phases", "plan"}, scales: []scale{{connects: 7}, {connects: 8, four: true}}, phases: []string{phasePlan}},
		"unknown phase":  {args: []string{"-phases", "plan,lunch"}, fails: true},
		"no number":      {args: []string{"-n", "many"}, fails: true},
		"no connects":    {args: []string{"-n", "0"}, fails: true},
		"unknown form":   {args: []string{"-n", "10x5"}, fails: true},
		"no rounds":      {args: []string{"-count", "-1"}, fails: true},
		"argument":       {args: []string{"plan"}, fails: true},
		"growth of one":  {args: []string{"-growth", "10"}, fails: true},
		"growth of none": {args: []string{"-growth", "10,0"}, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parse(test.args, t.Output())
			if (err != nil) != test.fails {
				t.Fatalf("error %v, want one: %t", err, test.fails)
			}
			if test.fails {
				return
			}
			equal(t, "scales", got.scales, test.scales)
			equal(t, "phases", got.phases, test.phases)
		})
	}
}

// TestNeeded checks that a phase brings those it builds on.
func TestNeeded(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ wanted, needed []string }{
		"plan":    {[]string{phasePlan}, []string{phaseApply, phasePlan}},
		"destroy": {[]string{phaseDestroy}, []string{phaseApply, phaseChange, phaseDestroy}},
		"all":     {allPhases(), phases()},
		"none":    {[]string{phaseSchema}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{settings: settings{phases: test.wanted}}
			equal(t, "needed", b.needed(), test.needed)
		})
	}
}

func TestServiceThatDoesNotStart(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	_, err = startService(t.Context(), tfrun.NewWorkspace(t.TempDir()), program)
	failed, ok := errors.AsType[*tfrun.Error](err)
	if !ok || !strings.Contains(failed.Error(), "ended before it listened") || failed.Output != "no port is free\n" {
		t.Errorf("error %v", err)
	}
}
