package acctest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestObserverSeesBrokenContracts(t *testing.T) {
	t.Parallel()
	document, err := loadContract()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		fault simulator.Fault
		path  string
		token bool
		want  string // empty: nothing is wrong
	}{
		"a good exchange":            {path: "/connects", token: true},
		"an unknown path":            {path: "/nowhere", token: true, want: "no such operation"},
		"a missing credential":       {path: "/connects", want: "Authorization"},
		"a parameter out of range":   {path: "/connects?limit=1000", token: true, want: "limit"},
		"a page that a fault sends":  {path: "/connects", token: true, fault: simulator.Fault{Kind: simulator.FaultHTML}},
		"an answer that never comes": {path: "/connects", token: true, fault: simulator.Fault{Kind: simulator.FaultResetBeforeCommit}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := make(chan []string, 1)
			env := New(t, WithoutContract("this test breaks it"), WithSimulator(func(cfg *simulator.Config) {
				cfg.Observe = func(e simulator.Exchange) { seen <- violations(document, e) }
			}))
			if test.fault.Kind != "" {
				env.Sim.AddFault(test.fault)
			}
			get(t, env, test.path, test.token)
			found := strings.Join(<-seen, "\n")
			if test.want == "" && found != "" || !strings.Contains(found, test.want) {
				t.Errorf("violations %q, want %q", found, test.want)
			}
		})
	}
}

// get makes one request; whether it is answered at all is not its business.
func get(t *testing.T, env *Env, path string, token bool) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.URL+simulator.APIBase+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	if token {
		req.Header.Set("Authorization", "Bearer "+env.Sim.IssueAccessToken())
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}

func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	env := New(t)
	env.NeedsSimulator(t, "it knows every token that was issued")
	env.Canary("swordfish")
	env.Canary(`<fish> & "chips"`)
	refreshToken, _ := env.Settings()["refresh_token"].(string)
	for name, test := range map[string]struct {
		text string
		want bool
	}{
		"nothing secret":         {text: `{"name":"New leads"}`},
		"a marked value in JSON": {text: `{"name":"\u003cfish\u003e \u0026 \"chips\""}`, want: true},
		"a marked value":         {text: `{"name":"swordfish"}`, want: true},
		"the client secret":      {text: env.Sim.ClientSecret(), want: true},
		"an issued token":        {text: "x" + env.Sim.IssueAccessToken() + "x", want: true},
		"the login's refresh":    {text: refreshToken, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := env.canaries.find("state", test.text)
			if (err != nil) != test.want {
				t.Errorf("find(%q) = %v, want an error: %v", test.text, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), test.text) {
				t.Errorf("the error repeats the secret: %v", err)
			}
		})
	}
}

func TestProviderBlock(t *testing.T) {
	t.Parallel()
	env := &Env{settings: map[string]any{"api_url": "http://a/${b}", "token_store": map[string]any{"path": `C:\x`}}}
	want := "provider \"appypie\" {\n  api_url = \"http://a/$${b}\"\n  token_store = { path = \"C:\\\\x\" }\n}\n"
	if got := env.providerBlock(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestClientReachesTheService(t *testing.T) {
	t.Parallel()
	env := New(t)
	env.NeedsSimulator(t, "it looks into the service")
	match := env.Sim.Catalog().Matches()[0]
	client := env.Client(t)
	made, err := client.CreateConnect(t.Context(), match.ID, "From the harness")
	if err != nil {
		t.Fatal(err)
	}
	if held, ok := env.Sim.Connect(made.ID); !ok || held.Name != "From the harness" {
		t.Errorf("the service holds %+v (%v)", held, ok)
	}
	if writes := env.Writes(); len(writes) != 1 || writes[0] != "create_connect" {
		t.Errorf("writes %q", writes)
	}
	if err := env.unchanged(t, nil); err == nil || !strings.Contains(err.Error(), made.ID) {
		t.Errorf("a connect that was left behind: %v", err)
	}
	if err := client.Delete(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	if err := env.unchanged(t, nil); err != nil {
		t.Error(err)
	}
}
