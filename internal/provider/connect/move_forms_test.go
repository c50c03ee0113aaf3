package connect_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// The two forms of one connect. The guide "One block or four" shows how to move
// from one to the other; its blocks are read from there, so that the page is
// what was tested.
const (
	inlineForm = `
resource "appypie_connect" "heartbeat" {
  name             = "Hourly heartbeat"
  popular_match_id = %q
  enabled          = true
  trigger          = { options = { minute = "30" } }
  actions          = [{ options = { url = "https://hooks.example.com/heartbeat" } }]
}
`
	separateForm = `
resource "appypie_connect" "shell" {
  name             = "Hourly heartbeat"
  popular_match_id = %q
}

resource "appypie_trigger_options" "heartbeat" {
  connect_id = appypie_connect.shell.id
  options    = { minute = "30" }
}

resource "appypie_action_options" "heartbeat" {
  connect_id = appypie_connect.shell.id
  options    = { url = "https://hooks.example.com/heartbeat" }
}

resource "appypie_connect_activation" "heartbeat" {
  connect_id = appypie_connect.shell.id
  revisions  = [appypie_trigger_options.heartbeat.revision, appypie_action_options.heartbeat.revision]
}
`
)

// TestAccMoveBetweenForms moves a live connect from four resources to one block
// and back, without a single write to the service.
func TestAccMoveBetweenForms(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	match := env.MatchID(t, acctest.ScheduleToWebhook)
	inline, separate := fmt.Sprintf(inlineForm, match), fmt.Sprintf(separateForm, match)

	tool := env.Project(t, map[string]string{"main.tf": separate})
	converge(t, tool)
	id := sole(t, env).ID

	env.ResetJournal()
	moveTo(t, tool, inline, guideBlock(t, "to-one-block", id))
	moveTo(t, tool, separate, guideBlock(t, "to-four-resources", id))
	if diff := cmp.Diff([]string{}, env.Writes()); diff != "" {
		t.Errorf("moving wrote (-want +got):\n%s", diff)
	}
	if connect := sole(t, env); connect.ID != id || connect.Status != "ON" {
		t.Errorf("the service holds %s, which is %s", connect.ID, connect.Status)
	}
}

// moveTo applies a configuration with the blocks of a move, and then without.
func moveTo(t *testing.T, tool *tfrun.Terraform, configuration, blocks string) {
	t.Helper()
	file := filepath.Join(tool.Dir, "main.tf")
	for _, text := range []string{configuration + blocks, configuration} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		converge(t, tool)
	}
}

// guideBlock reads the blocks of a move from the examples of the guide.
func guideBlock(t *testing.T, name, connectID string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "guides", "move", name+".tf.example"))
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`[0-9a-f]{24}`)
	if !ids.Match(text) {
		t.Fatalf("%s names no connect", name)
	}
	return "\n" + strings.TrimSpace(ids.ReplaceAllString(string(text), connectID)) + "\n"
}
