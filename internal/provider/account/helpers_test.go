package account_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// needsCatalog says why these tests cannot run against a real account: they
// know what the simulated service offers.
const needsCatalog = "the test knows the simulated accounts"

// unknownID has the form of an id, and nothing has it.
const unknownID = "000000000000000000000000"

func newEnv(t *testing.T, opts ...acctest.Option) *acctest.Env {
	t.Helper()
	env := acctest.New(t, opts...)
	env.NeedsSimulator(t, needsCatalog)
	return env
}

func app(t *testing.T, env *acctest.Env, name string) catalog.App {
	t.Helper()
	apps := env.Sim.Catalog().Apps()
	i := slices.IndexFunc(apps, func(a catalog.App) bool { return a.Name == name })
	if i < 0 {
		t.Fatalf("the simulated catalog has no app %s", name)
	}
	return apps[i]
}

// accountsOf returns the connected accounts of an app, in the service's order.
func accountsOf(t *testing.T, env *acctest.Env, appName string) []simulator.Account {
	t.Helper()
	id := app(t, env, appName).ID
	return slices.DeleteFunc(env.Sim.Accounts(), func(a simulator.Account) bool { return a.AppID != id })
}

func accountAttributes(a simulator.Account) map[string]any {
	const milliseconds = "2006-01-02T15:04:05.000Z07:00"
	return map[string]any{
		"id": a.ID, "app_id": a.AppID, "name": a.Name, "status": a.Status,
		"created_at": a.CreatedAt.UTC().Format(milliseconds), "updated_at": a.UpdatedAt.UTC().Format(milliseconds),
	}
}

// connectAccount does what a person does: open the account link, allow, and be
// sent back to the callback address with a token. The service must have been
// started with AutoAuthorize.
func connectAccount(t *testing.T, env *acctest.Env, appName string) (callbackToken string) {
	t.Helper()
	a := app(t, env, appName)
	link, err := env.Client(t).AccountLink(t.Context(),
		connectapi.App{ID: a.ID, AuthType: a.AuthType, SeoLink: a.SeoLink}, "http://127.0.0.1:9/callback")
	if err != nil {
		t.Fatalf("ask for an account link: %v", err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
	if err != nil {
		t.Fatalf("make a request: %v", err)
	}
	browser := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := browser.Do(request)
	if err != nil {
		t.Fatalf("open the account link: %v", err)
	}
	_ = response.Body.Close()
	callback, err := url.Parse(response.Header.Get("Location"))
	if err != nil || callback.Query().Get("t") == "" {
		t.Fatalf("the account link leads to %q, want a callback with a token", response.Header.Get("Location"))
	}
	return callback.Query().Get("t")
}
