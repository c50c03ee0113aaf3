package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// shellBlock is a block of commands of a page.
var shellBlock = regexp.MustCompile("(?s)```shell\n(.*?)```")

// commandsOf are the lines of a guide's shell blocks that begin with a program.
func commandsOf(t *testing.T, name, program string) [][]string {
	t.Helper()
	page, err := os.ReadFile("../../templates/guides/" + name + ".md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, " #")
			line, _, _ = strings.Cut(line, " >")
			args := words.FindAllString(line, -1)
			if len(args) > 1 && args[0] == program {
				for i := range args {
					args[i] = strings.Trim(args[i], `"'`)
				}
				all = append(all, args[1:])
			}
		}
	}
	return all
}

// Every command of the guide works as it stands there.
func TestGuideFindOptionKeys(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.TypeformToWebhook), "New leads to the CRM")
	commands := commandsOf(t, "find-option-keys", "appypie")
	if len(commands) < 6 {
		t.Errorf("only %d commands were found", len(commands))
	}
	for _, args := range commands {
		if r := b.must(args...); r.out == "" {
			t.Errorf("%v prints nothing", args)
		}
	}
}

// A field that was mapped in the editor is read back by the commands of the guide.
func TestGuideMapFields(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	mapped := b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.TypeformToWebhook), "New leads")
	if err := b.env.Sim.Edit(mapped.ID, func(c *simulator.Connect) {
		c.Actions[0].Options = map[string]string{"payload": `{"email": "{{email}}"}`}
	}); err != nil {
		t.Fatal(err)
	}
	printed := ""
	for _, args := range commandsOf(t, "map-fields", "appypie") {
		printed += b.must(args...).out
	}
	if !strings.Contains(printed, mapped.ID) || !strings.Contains(printed, "{{email}}") {
		t.Errorf("the commands show no field:\n%s", printed)
	}
}

// The logins of these guides are made by the commands that they show.
func TestGuidesLogIn(t *testing.T) {
	t.Parallel()
	for guide, want := range map[string]int{"environments": 3, "client-id": 2} {
		t.Run(guide, func(t *testing.T) {
			t.Parallel()
			b := doctorBench(t)
			b.vars["APPYPIE_ACCESS_TOKEN"] = ""
			b.vars["APPYPIE_TOKEN_URL"] = b.env.URL + "/v1/oauth2/token"
			b.vars["APPYPIE_CLIENT_ID"], b.vars["APPYPIE_CLIENT_SECRET"] = b.env.Sim.ClientID(), b.env.Sim.ClientSecret()
			b.browse = func(link string) { b.press(link, "allow") }
			t.Cleanup(b.browsers.Wait)
			commands := commandsOf(t, guide, "appypie")
			if len(commands) != want {
				t.Errorf("the commands %q were found", commands)
			}
			for _, args := range commands {
				if i := slices.Index(args, "8976"); i > 0 {
					args[i] = freePort(t)
				}
				if r := b.must(args...); r.out == "" {
					t.Errorf("%v prints nothing", args)
				}
			}
		})
	}
}

// The export of the guide is imported by the commands that it shows.
func TestGuideExportsAnAccount(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	b.env.Sim.CreateConnect(b.env.MatchID(t, acctest.TypeformToWebhook), "New leads")
	tool := b.project(nil)
	commands := commandsOf(t, "adopt-an-account", "appypie")
	if len(commands) != 3 {
		t.Errorf("the commands %q were found", commands)
	}
	for _, args := range commands {
		for i := range args {
			if args[i] == "connects" && i > 0 {
				args[i] = filepath.Join(tool.Dir, args[i])
			}
		}
		if r := b.must(args...); r.out == "" {
			t.Errorf("%v prints nothing", args)
		}
	}
	run := 0
	for _, args := range commandsOf(t, "adopt-an-account", "terraform") {
		if args[0] == "-chdir=connects" {
			output, _, err := tfrun.Call(t.Context(), tool.Command(t.Context(), append(args, map[string][]string{"apply": {"-auto-approve"}}[args[1]]...)...))
			if want := map[string]string{"init": "successfully initialized", "plan": "3 to import, 0 to add, 0 to change, 0 to destroy", "apply": "3 imported, 0 added"}[args[1]]; err != nil || !strings.Contains(output, want) {
				t.Errorf("%v: terraform %v does not say %q:\n%s", err, args, want, output)
			}
			run++
		}
	}
	if run != 3 {
		t.Errorf("%d commands of Terraform were found", run)
	}
}
