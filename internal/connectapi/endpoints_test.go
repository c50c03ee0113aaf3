package connectapi_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestOverriddenPathsAreCalled reaches a service that lives elsewhere.
func TestOverriddenPathsAreCalled(t *testing.T) {
	t.Parallel()
	paths := map[string]string{
		"list_connects": "GET /v3/connects", "turn_on_connect": "POST /v3/{connectId}/enable",
		"edit_action_options": "PATCH /v3/steps/{stepId}/of/{connectId}",
	}
	b := newBench(t, simulator.Config{Paths: paths}, endpoints(t, paths))
	made := b.create(sheetsToHubSpot, false, false)
	if _, err := b.Apply(t.Context(), made.ID, nil, connectapi.Change{Steps: b.edits(sheetsToHubSpot), Enabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	if got := b.held(made.ID).Status; got != simulator.StatusOn {
		t.Errorf("the connect is %s", got)
	}
	if err := newClient(t, b.sim.APIURL()).TurnOn(t.Context(), made.ID); err == nil {
		t.Error("the default path still answers")
	}
}

// TestIDsStayInTheirSegment: no id reaches another endpoint.
func TestIDsStayInTheirSegment(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"abc":         "/connect/turn-on/abc",
		"a/b":         "/connect/turn-on/a%2Fb",
		"../delete":   "/connect/turn-on/..%2Fdelete",
		"%2f":         "/connect/turn-on/%252f",
		"a?b#c":       "/connect/turn-on/a%3Fb%23c",
		"a b\r\n":     "/connect/turn-on/a%20b%0D%0A",
		"{connectId}": "/connect/turn-on/%7BconnectId%7D",
		"é":           "/connect/turn-on/%C3%A9",
		"":            "",
		".":           "",
		"..":          "",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var seen calls
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				seen.add(r.RequestURI)
				writeJSON(w, http.StatusOK, `{"success":true}`)
			})

			err := client.TurnOn(t.Context(), id)
			got := strings.Join(seen.all(), " ")
			if got != want || (err == nil) != (want != "") {
				t.Errorf("asked for %q, want %q; %v", got, want, err)
			}
		})
	}
}

// TestNewRefuses what no call could work with.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	whole := func() connectapi.Config {
		return connectapi.Config{BaseURL: "https://example.com", HTTPClient: &http.Client{}, Tokens: &rotating{}}
	}

	for label, spoil := range map[string]func(*connectapi.Config){
		"plain http":     func(c *connectapi.Config) { c.BaseURL = "http://example.com" },
		"no HTTP client": func(c *connectapi.Config) { c.HTTPClient = nil },
		"no tokens":      func(c *connectapi.Config) { c.Tokens = nil },
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			cfg := whole()
			if _, err := connectapi.New(cfg); err != nil {
				t.Fatal(err)
			}
			spoil(&cfg)
			if _, err := connectapi.New(cfg); err == nil {
				t.Error("no error")
			}
		})
	}
}

// TestCAFile reads the file that the configuration names, or says what is wrong.
func TestCAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if _, err := connectapi.NewHTTPClient(connectapi.TransportConfig{CAFile: file}); !errors.Is(err, os.ErrNotExist) || !contains(err, file) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := connectapi.NewHTTPClient(connectapi.TransportConfig{CAFile: file}); !contains(err, file) {
		t.Errorf("a file without a certificate: %v", err)
	}
}

// TestUserAgent is on every request.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	var seen calls
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r.UserAgent())
		writeJSON(w, http.StatusOK, `{"_id":"1"}`)
	})
	if err := profileOf(t.Context(), client); err != nil || !slices.Equal(seen.all(), []string{"connectapi-test"}) {
		t.Errorf("sent %v; %v", seen.all(), err)
	}
}
