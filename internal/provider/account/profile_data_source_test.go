package account_test

import (
	"net/http"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestProfile(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	profile, err := env.Client(t).Profile(t.Context())
	if err != nil {
		t.Fatalf("read the profile: %v", err)
	}
	if profile.Email == "" || profile.Plan == "" {
		t.Fatalf("the simulated profile has gaps: %+v", profile)
	}
	acctest.DataCase{Type: "appypie_profile", Want: map[string]any{
		"id": profile.ID, "name": profile.Name, "email": profile.Email, "plan": profile.Plan,
	}}.Run(t, env)
}

func TestProfileSurfacesAFault(t *testing.T) {
	t.Parallel()
	env := newEnv(t)
	env.Sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultStatus, Status: http.StatusForbidden, Times: 1})
	acctest.DataCase{Type: "appypie_profile", Summary: "Cannot read the profile", Details: []string{"GET /me", "HTTP 403"}}.Run(t, env)
}
