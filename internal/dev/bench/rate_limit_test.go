package main

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestRateLimit applies many connects to a service that refuses what comes too
// fast. Nothing may fail, and the limit itself decides how long it takes.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("this test waits for a rate limit, which takes half a minute; leave -short out to have it run")
	}
	const (
		perSecond = 50
		// allowed is how much longer than the limit implies it may take.
		allowed = 1.3
	)
	// What the machine itself needs while other tests compete for it.
	unlimited, _ := applyLimited(t, 0, 0, 0)
	for name, tc := range map[string]struct {
		// burst is what the service takes at once, own the provider's own limit.
		burst, own int
	}{
		"the service limits": {burst: perSecond},
		"both limit":         {burst: perSecond, own: perSecond},
		"no two at once":     {burst: 2, own: perSecond * 9 / 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			took, implied := applyLimited(t, perSecond, tc.burst, tc.own)
			if most := time.Duration(allowed*float64(implied)) + unlimited; took > most {
				t.Errorf("it took %s, more than %s", took, most)
			}
		})
	}
}

// applyLimited applies 200 connects and returns how long that took, and how long the
// limit implies; 0 is none.
func applyLimited(t *testing.T, perSecond float64, burst, own int) (took, implied time.Duration) {
	t.Helper()
	const (
		connects = 200
		// bounded keeps a provider that always waits from holding up the tests.
		bounded = 3 * time.Minute
	)
	env := acctest.New(t, acctest.WithSimulator(func(cfg *simulator.Config) {
		cfg.RequestsPerSecond, cfg.Burst, cfg.Latency = perSecond, burst, 20*time.Millisecond
	}))
	main, err := configurations.ReadFile("configuration/one/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"main.tf": string(main)}
	if own > 0 {
		files["provider.tf"] = fmt.Sprintf("provider \"appypie\" {\n  max_requests_per_second = %d\n}\n", own)
	}
	tool := env.Project(t, files)
	tool.Environment = append(tool.Environment, "TF_VAR_connects="+strconv.Itoa(connects), "TF_VAR_match="+env.MatchID(t, matchTitle))
	ctx, cancel := context.WithTimeout(t.Context(), bounded)
	defer cancel()
	if output, err := tool.Run(ctx, "apply", "-auto-approve", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	accepted, refused := 0, 0
	journal := env.Sim.Journal()
	for _, entry := range journal {
		switch {
		case entry.RateLimited:
			refused++
		case entry.Operation != "create_token":
			accepted++
		}
	}
	for _, one := range env.Sim.Connects() {
		if one.Status != simulator.StatusOn {
			t.Errorf("the connect %s is %s", one.Name, one.Status)
		}
	}
	if got := len(env.Sim.Connects()); got != connects {
		t.Errorf("%d connects, want %d", got, connects)
	}
	// Terraform's own start and end, which no limit governs, do not count.
	took = journal[len(journal)-1].Time.Sub(journal[0].Time)
	if perSecond > 0 {
		implied = time.Duration(float64(accepted) / perSecond * float64(time.Second))
	}
	t.Logf("%d requests and %d refused ones took %s; the limit implies %s", accepted, refused, took.Round(time.Millisecond), implied)
	return took, implied
}
