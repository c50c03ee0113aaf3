package steps_test

import (
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestStepSecrets(t *testing.T) {
	t.Parallel()
	for _, masking := range []simulator.Masking{simulator.MaskingMask, simulator.MaskingOmit, simulator.MaskingEcho} {
		t.Run(string(masking), func(t *testing.T) {
			t.Parallel()
			env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) {
				c.Masking, c.MaskWrites = masking, simulator.MaskWritesStore
			}))
			driver := env.Driver(t)
			g := webhookAction(t, env)

			secrets := func(secret string, version any) map[string]any {
				return map[string]any{"secrets_wo": map[string]any{"signing_secret": secret}, "secrets_wo_version": version}
			}
			wantSecret := func(when, want string) {
				t.Helper()
				if got := g.step(t).Options["signing_secret"]; got != want {
					t.Errorf("%s the service holds %q, want %q", when, got, want)
				}
			}

			// Only secrets, and no version: that is still something to write.
			g.edit(t, func(s *simulator.Step) { s.Options["url"] = "https://example.com/hook" })
			only := g.with(secrets("first-signature", nil)).with(map[string]any{"options": nil})
			held := applied(t, driver, driver.Absent(g.typeName), only)
			wantSecret("with nothing but secrets", "first-signature")
			driver.MustPlanNothing(t.Context(), held, only.config)

			full := g.with(secrets("second-signature", 1))
			held = applied(t, driver, held, full)
			wantSecret("with a version", "second-signature")
			driver.MustPlanNothing(t.Context(), held, full.config)

			// Another value without another version is not a change.
			driver.MustPlanNothing(t.Context(), held, g.with(secrets("third-signature", 1)).config)

			// An edit of another option keeps the secret.
			full = full.with(map[string]any{"options": map[string]any{"url": "https://example.com/b"}})
			held = applied(t, driver, held, full)
			wantSecret("after another edit", "second-signature")
			driver.MustPlanNothing(t.Context(), held, full.config)

			full = full.with(secrets("third-signature", 2))
			held = applied(t, driver, held, full)
			wantSecret("with another version", "third-signature")
			driver.MustPlanNothing(t.Context(), held, full.config)
			if got := held.Get("secrets_wo"); got != nil {
				t.Errorf("the state holds secrets: %v", got)
			}
		})
	}
}

// TestStepRefusesToWriteMasks: somebody else's secret is shown masked, and
// writing the step would replace it by its mask.
func TestStepRefusesToWriteMasks(t *testing.T) {
	t.Parallel()
	env := newEnv(t, acctest.WithSimulator(func(c *simulator.Config) { c.MaskWrites = simulator.MaskWritesStore }))
	g := webhookAction(t, env).complete(t)
	g.edit(t, func(s *simulator.Step) {
		s.Options = map[string]string{"url": "https://example.com/a", "signing_secret": "of somebody else"}
	})
	g.goLive(t)
	driver := env.Driver(t)

	_, diags := driver.Create(t.Context(), g.typeName, g.config)
	wantError(t, diags, "Options are masked", "secrets_wo")
	if got := env.Writes(); len(got) > 0 {
		t.Errorf("the refused change wrote: %v", got)
	}
	if got := g.step(t).Options["signing_secret"]; got != "of somebody else" {
		t.Errorf("the secret became %q", got)
	}

	// Clearing it is possible, and said so.
	g = g.with(map[string]any{"options": map[string]any{"url": "https://example.com/b", "signing_secret": ""}})
	held := applied(t, driver, driver.Absent(g.typeName), g)
	driver.MustPlanNothing(t.Context(), held, g.config)
	wantOptions(t, g, map[string]string{"url": "https://example.com/b"})
}
