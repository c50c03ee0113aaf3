package main

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestRateLimit applies many connects to a service that refuses what comes too
// fast. Nothing may fail, and the limit itself decides how long it takes.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("this test waits for a rate limit, which takes half a minute; leave -short out to have it run")
	}
	const (
		connects  = 200
		perSecond = 50
		// bounded keeps a provider that always waits from holding up the tests.
		bounded = 2 * time.Minute
		// allowed is how much longer than the limit implies it may take. A machine
		// of its own stays below 1.3, which the log shows; here, other tests and the
		// race detector compete for it.
		allowed = 2.0
	)
	for name, setting := range map[string]string{
		"the service limits": "",
		"both limit":         fmt.Sprintf("provider \"appypie\" {\n  max_requests_per_second = %d\n}\n", perSecond),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t, acctest.WithSimulator(func(cfg *simulator.Config) {
				cfg.RequestsPerSecond, cfg.Latency = perSecond, 20*time.Millisecond
			}))
			files := configuration(scale{connects: connects}, env.MatchID(t, matchTitle))
			// The harness has a file of its own for that.
			files["main.tf"] = strings.TrimPrefix(files["main.tf"], versionsFile)
			files["provider.tf"] = setting
			tool := env.Project(t, files)
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
			// Terraform's own start and end, which no limit governs, do not count.
			took := journal[len(journal)-1].Time.Sub(journal[0].Time)
			implied := time.Duration(float64(accepted) / perSecond * float64(time.Second))
			t.Logf("%d requests and %d refused ones took %s; the limit implies %s: %.2f times that",
				accepted, refused, took.Round(time.Millisecond), implied, took.Seconds()/implied.Seconds())
			if longest := time.Duration(allowed * float64(implied)); took > longest {
				t.Errorf("it took %s, longer than %s", took, longest)
			}
			for _, one := range env.Sim.Connects() {
				if one.Status != simulator.StatusOn {
					t.Errorf("the connect %s is %s", one.Name, one.Status)
				}
			}
			if got := len(env.Sim.Connects()); got != connects {
				t.Errorf("%d connects, want %d", got, connects)
			}
		})
	}
}
