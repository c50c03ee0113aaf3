package acctest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// canaries are the secrets of one test: what the service issued and what the
// test marked. It checks a state; planCanaries checks a plan.
type canaries struct {
	service *simulator.Service // nil for a real account

	mu     sync.Mutex
	marked []string
}

func (c *canaries) add(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.marked = append(c.marked, value)
}

// find returns an error when a secret is in the text. The error gives only the
// start of the secret, which is enough to tell which one it is.
func (c *canaries) find(where, text string) error {
	c.mu.Lock()
	secrets := append([]string{}, c.marked...)
	c.mu.Unlock()
	if c.service != nil {
		secrets = append(secrets, c.service.ClientSecret(), c.service.TokenKey(), c.service.SecretKey())
		secrets = append(secrets, c.service.IssuedSecrets()...)
	}
	for _, secret := range secrets {
		// In JSON some characters of a secret look otherwise.
		escaped, err := json.Marshal(secret)
		if err != nil {
			return fmt.Errorf("render a secret: %w", err)
		}
		if secret != "" && (strings.Contains(text, secret) || strings.Contains(text, strings.Trim(string(escaped), `"`))) {
			return fmt.Errorf("the secret %.6s… is in the %s", secret, where)
		}
	}
	return nil
}

func (c *canaries) search(where string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("render the %s: %w", where, err)
	}
	return c.find(where, string(text))
}

// CheckState implements statecheck.StateCheck.
func (c *canaries) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	if req.State != nil {
		resp.Error = c.search("state", req.State.Values)
	}
}

// planCanaries looks at the changes of a plan only: the configuration that a plan
// repeats holds the literal credentials of the provider block.
type planCanaries struct{ *canaries }

// CheckPlan implements plancheck.PlanCheck.
func (c planCanaries) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	if resp.Error = c.search("plan", req.Plan.ResourceChanges); resp.Error == nil {
		resp.Error = c.search("plan", req.Plan.PlannedValues)
	}
}
