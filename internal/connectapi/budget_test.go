package connectapi_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestListingBudgets counts the pages that a process reads for many connects, ten
// at a time, on a clock that stands still: what a busy machine takes longer for
// costs nothing here.
func TestListingBudgets(t *testing.T) {
	t.Parallel()
	const many, pageLimit, pages, atOnce = 40, 10, 4, 10
	b := newBench(t, simulator.Config{PageLimit: pageLimit})
	match := b.match(sheetsToHubSpot).ID
	ids := make([]string, many)
	for _, phase := range []struct {
		name string
		act  func(client *connectapi.Client, i int) error
		// most are the pages that may be read; the first creation lists nothing.
		most int
	}{
		{"create", func(client *connectapi.Client, i int) error {
			made, err := client.CreateConnect(t.Context(), match, fmt.Sprintf("Leads %d", i))
			if err != nil {
				return err
			}
			ids[i] = made.ID
			_, err = client.Apply(t.Context(), made.ID, made.Connect, connectapi.Change{Steps: b.edits(sheetsToHubSpot), Enabled: new(true)})
			return err
		}, 1},
		{"refresh", func(client *connectapi.Client, i int) error {
			_, err := client.Connect(t.Context(), ids[i])
			return err
		}, pages},
		{"update", func(client *connectapi.Client, i int) error {
			change := connectapi.StepChange{Kind: connectapi.TriggerEvent, Set: map[string]string{"worksheet": "w2"}}
			_, err := client.Apply(t.Context(), ids[i], nil, connectapi.Change{Steps: []connectapi.StepChange{change}, Pause: true, Enabled: new(true)})
			return err
		}, pages},
		{"destroy", func(client *connectapi.Client, i int) error { return client.Remove(t.Context(), ids[i], false) }, pages},
		{"absent", func(client *connectapi.Client, i int) error {
			if _, err := client.Connect(t.Context(), ids[i]); !connectapi.IsNotFound(err) {
				return fmt.Errorf("connect %s: %w", ids[i], err)
			}
			return nil
		}, 2},
	} {
		b.sim.ResetJournal()
		client := newClient(t, b.sim.APIURL(), func(c *connectapi.Config) {
			c.Tokens, c.Clock = staticToken(t, b.sim.IssueAccessToken()), newStepped()
		})
		var wait sync.WaitGroup
		slots := make(chan struct{}, atOnce)
		for i := range many {
			wait.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				if err := phase.act(client, i); err != nil {
					t.Errorf("%s: %v", phase.name, err)
				}
			})
		}
		wait.Wait()
		if got := listings(b); got > phase.most {
			t.Errorf("%s: %d pages were read, want at most %d", phase.name, got, phase.most)
		}
	}
}

// TestEditsOfALargeAccount has a listing take longer than an edit may wait for one:
// then the edits share listings all the same.
func TestEditsOfALargeAccount(t *testing.T) {
	t.Parallel()
	const many, pageLimit, page, write, most = 60, 2, 500 * time.Millisecond, 250 * time.Millisecond, 6
	clock := newStepped()
	b := newBench(t, simulator.Config{PageLimit: pageLimit, Observe: func(x simulator.Exchange) {
		if x.Operation == "list_connects" {
			clock.advance(page)
		} else {
			clock.advance(write)
		}
	}})
	ids := make([]string, many)
	for i := range ids {
		ids[i] = b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, fmt.Sprintf("Leads %d", i)).ID
	}
	client := newClient(t, b.sim.APIURL(), func(c *connectapi.Config) {
		c.Tokens, c.Clock = staticToken(t, b.sim.IssueAccessToken()), clock
	})
	change := connectapi.Change{Steps: b.edits(sheetsToHubSpot), Pause: true, Enabled: new(true)}
	for _, id := range ids {
		if _, err := client.Apply(t.Context(), id, nil, change); err != nil {
			t.Fatal(err)
		}
	}
	if got := listings(b); got > most*many/pageLimit {
		t.Errorf("%d pages were read for %d edits, want at most %d listings of %d", got, many, most, many/pageLimit)
	}
}
