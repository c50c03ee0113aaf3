package connectapi_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestEditSendsTheWholeMap covers what an edit writes: all that the service
// has, overlaid with the change, whether the service replaces or merges.
func TestEditSendsTheWholeMap(t *testing.T) {
	t.Parallel()
	for _, mode := range []simulator.EditMode{simulator.EditReplace, simulator.EditMerge} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{EditMode: mode})
			made := b.create(sheetsToHubSpot, true, false)
			err := b.sim.Edit(made.ID, func(c *simulator.Connect) {
				maps.Copy(c.Trigger.Options, map[string]string{"by_hand": "kept", "old": "1"})
			})
			if err != nil {
				t.Fatal(err)
			}

			change := connectapi.Change{Steps: []connectapi.StepChange{{
				Kind: connectapi.TriggerEvent, Set: map[string]string{"worksheet": "w2", "new": "n"}, Unset: []string{"old"},
			}}}
			for range 2 {
				if _, err := b.Apply(t.Context(), made.ID, nil, change); err != nil {
					t.Fatal(err)
				}
			}

			want := map[string]string{"spreadsheet": "s1", "worksheet": "w2", "by_hand": "kept", "new": "n", "old": ""}
			sent := b.sentBody(dialect.EditTriggerOptions, 0)
			if !maps.Equal(sent.Options, want) || sent.AccountID != made.Trigger.AccountID {
				t.Errorf("sent %+v, want %v and the account it has", sent, want)
			}
			delete(want, "old")
			if got := b.held(made.ID).Trigger.Options; !maps.Equal(got, want) {
				t.Errorf("the service has %v, want %v", got, want)
			}
		})
	}
}

// TestEditMaskedOptions: a mask is never written in place of what it hides.
func TestEditMaskedOptions(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		step   connectapi.StepChange
		masked []string
		want   string // what the service has as the secret afterwards
	}{
		"unknown to the change": {step: connectapi.StepChange{Set: map[string]string{"method": "PUT"}}, masked: []string{"signing_secret"}, want: "hush-hush"},
		"given as a secret":     {step: connectapi.StepChange{Secrets: map[string]string{"signing_secret": "new-secret"}}, want: "new-secret"},
		"a secret like a mask":  {step: connectapi.StepChange{Secrets: map[string]string{"signing_secret": "*****"}}, want: "*****"},
		"given in the open":     {step: connectapi.StepChange{Set: map[string]string{"signing_secret": "open"}}, want: "open"},
		"cleared":               {step: connectapi.StepChange{Unset: []string{"signing_secret"}}, want: ""},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{MaskWrites: simulator.MaskWritesStore})
			made := b.create(typeformToWebhook, true, true)
			if err := b.sim.Edit(made.ID, func(c *simulator.Connect) { c.Actions[0].Options["signing_secret"] = "hush-hush" }); err != nil {
				t.Fatal(err)
			}

			tc.step.Kind = connectapi.ActionEvent
			// The trigger comes first: even it must not be written when the action cannot be.
			steps := []connectapi.StepChange{{Kind: connectapi.TriggerEvent}, tc.step}
			_, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: steps, Pause: true})
			held := b.held(made.ID)
			if held.Actions[0].Options["signing_secret"] != tc.want || held.Status != simulator.StatusOn {
				t.Errorf("the service has %+v", held)
			}
			if tc.masked == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			refused, ok := errors.AsType[*connectapi.MaskedOptionsError](err)
			if !ok || !slices.Equal(refused.Keys, tc.masked) {
				t.Errorf("error: %v", err)
			}
			if got := b.journal(); got != "list_connects" {
				t.Errorf("calls: %s", got)
			}
		})
	}
}

// TestEditRefusedKeepsSecrets: what was refused names the field and not its value.
func TestEditRefusedKeepsSecrets(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	made := b.create(typeformToWebhook, true, false)
	_, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: []connectapi.StepChange{{
		Kind: connectapi.ActionEvent, Secrets: map[string]string{"method": "canary-value"},
	}}})
	refused, ok := errors.AsType[*connectapi.APIError](err)
	if !ok || len(refused.Fields["options.method"]) != 1 {
		t.Fatalf("error: %v", err)
	}
	if contains(err, "canary-value") || !contains(err, "[redacted]") || !contains(err, "GET") {
		t.Errorf("error: %v", err)
	}
}

// TestEditKeepsWhatAnotherWroteMeanwhile: between the reading that a change builds
// on and its edit, a person, or another process, writes an option of the same
// steps. What the call before the edit answers shows it.
func TestEditKeepsWhatAnotherWroteMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	made := b.create(sheetsToHubSpot, true, true)
	edits := b.edits(sheetsToHubSpot)
	if _, err := b.ConnectsNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.sim.Edit(made.ID, func(c *simulator.Connect) {
		c.Trigger.Options["by_hand"], c.Actions[0].Options["by_hand"] = "kept", "kept"
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: edits, Pause: true}); err != nil {
		t.Fatal(err)
	}
	held := b.held(made.ID)
	if held.Trigger.Options["by_hand"] != "kept" || held.Actions[0].Options["by_hand"] != "kept" {
		t.Errorf("the change undid what was written meanwhile: %v, %v", held.Trigger.Options, held.Actions[0].Options)
	}
}
