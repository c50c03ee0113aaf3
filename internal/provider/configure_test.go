package provider_test

import (
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// newDriver returns a driver of a provider that nobody has configured.
func newDriver(t *testing.T) *acctest.Driver {
	t.Helper()
	return acctest.NewDriver(t, providerserver.NewProtocol6(provider.New("test")())())
}

// login is the smallest configuration that works. Its store is never reached.
func login(t *testing.T, changes map[string]any) map[string]any {
	t.Helper()
	settings := map[string]any{
		"client_id": "id", "client_secret": "swordfish", "refresh_token": "seed",
		"token_store": map[string]any{"path": filepath.Join(t.TempDir(), "tokens")},
	}
	maps.Copy(settings, changes)
	return settings
}

// notPEM is a file that exists and holds no certificate.
func notPEM(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// refusal is a configuration that cannot work and what must be said about it.
type refusal struct {
	settings map[string]any
	at, says string
}

func (r refusal) expect(t *testing.T, settings map[string]any) {
	t.Helper()
	diags := newDriver(t).Configure(t.Context(), settings)
	if len(diags) != 1 || !diags.HasError() || diags[0].Path != r.at || !strings.Contains(diags[0].Summary+"\n"+diags[0].Detail, r.says) {
		t.Errorf("want one error at %s that says %q, got:\n%s", r.at, r.says, diags)
	}
	if text := diags.String(); strings.Contains(text, "swordfish") || strings.Contains(text, "seed") {
		t.Errorf("a secret is in:\n%s", text)
	}
}

func TestInvalidConfigurationNamesTheAttribute(t *testing.T) {
	t.Parallel()
	endpoint := func(operation, value string) map[string]any {
		return map[string]any{"endpoints": map[string]any{operation: value}}
	}
	spoken := func(document string) map[string]any { return map[string]any{"dialect": document} }
	store := func(settings map[string]any) map[string]any { return map[string]any{"token_store": settings} }

	for name, test := range map[string]refusal{
		"api_url without a host":          {map[string]any{"api_url": "developer.appypie.com"}, "api_url", "https://"},
		"api_url that is no URL":          {map[string]any{"api_url": "https://a b/"}, "api_url", "not a URL"},
		"api_url in the clear":            {map[string]any{"api_url": "http://developer.appypie.com"}, "api_url", "use https"},
		"api_url with credentials":        {map[string]any{"api_url": "https://me:swordfish@developer.appypie.com"}, "api_url", "credentials"},
		"api_url with a query":            {map[string]any{"api_url": "https://developer.appypie.com/?a=b"}, "api_url", "query"},
		"token_url without a host":        {map[string]any{"token_url": "token"}, "token_url", "APPYPIE_TOKEN_URL"},
		"token_url in the clear":          {map[string]any{"token_url": "http://connect.example/token"}, "token_url", "https"},
		"platform_key_url in the clear":   {map[string]any{"platform_key_url": "http://keys.example", "token_key": "a", "secret_key": "b"}, "platform_key_url", "https"},
		"token_key alone":                 {map[string]any{"token_key": "a"}, "secret_key", "belong together"},
		"secret_key alone":                {map[string]any{"secret_key": "b"}, "token_key", "belong together"},
		"client_auth":                     {map[string]any{"client_auth": "query"}, "client_auth", "header"},
		"client_secret missing":           {map[string]any{"client_secret": nil}, "client_secret", "APPYPIE_CLIENT_SECRET"},
		"client_id missing":               {map[string]any{"client_id": nil}, "client_id", "APPYPIE_CLIENT_ID"},
		"profile":                         {map[string]any{"profile": "../x"}, "profile", "letters"},
		"end of no access_token":          {map[string]any{"access_token_expires_at": "1642508535"}, "access_token_expires_at", "access_token"},
		"access_token_expires_at":         {map[string]any{"access_token": "a", "access_token_expires_at": "tomorrow"}, "access_token_expires_at", "Unix seconds"},
		"token_command empty":             {map[string]any{"token_command": []string{}}, "token_command", "at least 1"},
		"token_command with null":         {map[string]any{"token_command": []any{"vault", nil}}, "token_command", "null"},
		"token_store type":                {store(map[string]any{"type": "vault"}), "token_store.type", "command"},
		"token_store none with a login":   {store(map[string]any{"type": "none"}), "token_store", "APPYPIE_TOKEN_STORE_TYPE"},
		"token_store command without get": {store(map[string]any{"type": "command", "put_command": []string{"put"}}), "token_store.get_command", "APPYPIE_TOKEN_STORE_GET_COMMAND"},
		"token_store file with put":       {store(map[string]any{"put_command": []string{"put"}}), "token_store.put_command", "command"},
		"endpoints operation":             {endpoint("turn_on", "PUT /on/{connectId}"), `endpoints["turn_on"]`, "turn_on_connect"},
		"endpoints method":                {endpoint("turn_on_connect", "FETCH /on/{connectId}"), `endpoints["turn_on_connect"]`, "FETCH"},
		"endpoints placeholder missing":   {endpoint("turn_on_connect", "PUT /on"), `endpoints["turn_on_connect"]`, "nothing sends connectId"},
		"endpoints placeholder unknown":   {endpoint("turn_on_connect", "PUT /on/{id}"), `endpoints["turn_on_connect"]`, "there are: connectId"},
		"endpoints form":                  {endpoint("turn_on_connect", "/on/{connectId}"), `endpoints["turn_on_connect"]`, "METHOD /path"},
		"endpoints body of a GET":         {endpoint("update_connect_name", "GET /name/{connectId}"), `endpoints["update_connect_name"]`, "carries no body"},
		"endpoints null":                  {map[string]any{"endpoints": map[string]any{"get_profile": nil}}, "endpoints", "null"},
		"dialect that is no YAML":         {spoken("operations: {"), "dialect", "Line 1: not YAML"},
		"dialect operation":               {spoken("operations:\n  turn_on: {request: PUT /on}"), "dialect", `Line 2: operations.turn_on: is not known (did you mean "turn_on_connect"?)`},
		"dialect member":                  {spoken("operations:\n  turn_on_connect:\n    requests: PUT /on"), "dialect", `Line 3: operations.turn_on_connect.requests: is not known (did you mean "request"?)`},
		"dialect method":                  {spoken("operations:\n\n  turn_on_connect: {request: 'FETCH /on/{connectId}'}"), "dialect", `Line 3: operations.turn_on_connect.request: "FETCH" is not a method`},
		"dialect argument":                {spoken("operations:\n  run_test:\n    body: '{id: .conectId}'"), "dialect", `Line 3: operations.run_test.body: there is no argument "conectId" here (did you mean "connectId"?)`},
		"dialect program":                 {spoken("shapes:\n  link: '{url'"), "dialect", "Line 2: shapes.link: "},
		"dialect removes what must be":    {spoken("words: {\"on\": null}"), "dialect", "words.on: is missing"},
		"dialect next step":               {spoken("shape: {}"), "dialect", "Correct the file that dialect in the provider block reads."},
		"option_validation":               {map[string]any{"option_validation": "loud"}, "option_validation", "warn"},
		"max_retries":                     {map[string]any{"max_retries": 21}, "max_retries", "20"},
		"request_timeout without a unit":  {map[string]any{"request_timeout": "60"}, "request_timeout", "60s"},
		"request_timeout too short":       {map[string]any{"request_timeout": "1ms"}, "request_timeout", "1s"},
		"max_requests_per_second":         {map[string]any{"max_requests_per_second": 0}, "max_requests_per_second", "0.1"},
		"ca_certificate_file missing":     {map[string]any{"ca_certificate_file": "/nonexistent/ca.pem"}, "ca_certificate_file", "/nonexistent/ca.pem"},
		"ca_certificate_file not PEM":     {map[string]any{"ca_certificate_file": notPEM(t)}, "ca_certificate_file", "PEM"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.expect(t, login(t, test.settings))
		})
	}
}

func TestInvalidEnvironmentNamesTheAttribute(t *testing.T) {
	for name, test := range map[string]struct {
		variable, value string
		refusal
	}{
		"max_retries":               {"APPYPIE_MAX_RETRIES", "many", refusal{nil, "max_retries", "APPYPIE_MAX_RETRIES"}},
		"max_retries too many":      {"APPYPIE_MAX_RETRIES", "21", refusal{nil, "max_retries", "20"}},
		"max_requests_per_second":   {"APPYPIE_MAX_REQUESTS_PER_SECOND", "NaN", refusal{nil, "max_requests_per_second", "0.1"}},
		"request_timeout":           {"APPYPIE_REQUEST_TIMEOUT", "2h", refusal{nil, "request_timeout", "1h"}},
		"option_validation":         {"APPYPIE_OPTION_VALIDATION", "loud", refusal{nil, "option_validation", "warn"}},
		"client_auth":               {"APPYPIE_CLIENT_AUTH", "query", refusal{nil, "client_auth", "APPYPIE_CLIENT_AUTH"}},
		"token_command":             {"APPYPIE_TOKEN_COMMAND", `["vault"`, refusal{nil, "token_command", "JSON"}},
		"token_command of numbers":  {"APPYPIE_TOKEN_COMMAND", `[1]`, refusal{nil, "token_command", "JSON"}},
		"token_store.get_command":   {"APPYPIE_TOKEN_STORE_GET_COMMAND", `["get"`, refusal{nil, "token_store.get_command", "APPYPIE_TOKEN_STORE_GET_COMMAND"}},
		"token_store.type":          {"APPYPIE_TOKEN_STORE_TYPE", "vault", refusal{nil, "token_store.type", "APPYPIE_TOKEN_STORE_TYPE"}},
		"key of the store":          {"APPYPIE_TOKEN_STORE_KEY", "short", refusal{nil, "token_store", "APPYPIE_TOKEN_STORE_KEY"}},
		"dialect missing":           {"APPYPIE_DIALECT", "/nonexistent/d.yaml", refusal{nil, "dialect", "/nonexistent/d.yaml"}},
		"dialect":                   {"APPYPIE_DIALECT", notPEM(t), refusal{nil, "dialect", "ca.pem:1: must be a mapping"}},
		"dialect next step":         {"APPYPIE_DIALECT", notPEM(t), refusal{nil, "dialect", "the environment variable APPYPIE_DIALECT names"}},
		"endpoints":                 {"APPYPIE_ENDPOINTS", `GET /me`, refusal{nil, "endpoints", "APPYPIE_ENDPOINTS"}},
		"endpoints operation":       {"APPYPIE_ENDPOINTS", `{"me":"GET /me"}`, refusal{nil, `endpoints["me"]`, "APPYPIE_ENDPOINTS"}},
		"access_token_expires_at":   {"APPYPIE_ACCESS_TOKEN_EXPIRES_AT", "soon", refusal{nil, "access_token_expires_at", "Unix seconds"}},
		"api_url":                   {"APPYPIE_API_URL", "http://example.com", refusal{nil, "api_url", "APPYPIE_API_URL"}},
		"ca_certificate_file":       {"APPYPIE_CA_CERTIFICATE_FILE", "/nonexistent", refusal{nil, "ca_certificate_file", "APPYPIE_CA_CERTIFICATE_FILE"}},
		"platform key without pair": {"APPYPIE_TOKEN_KEY", "a", refusal{nil, "secret_key", "APPYPIE_SECRET_KEY"}},
	} {
		t.Run(name, func(t *testing.T) {
			settings := login(t, nil)
			t.Setenv(test.variable, test.value)
			test.expect(t, settings)
		})
	}
}

// trap listens and counts who connects.
type trap struct {
	url    string
	visits atomic.Int64
}

func newTrap(t *testing.T) *trap {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}

	caught := &trap{url: "http://" + listener.Addr().String()}
	done := make(chan struct{})

	go func() {
		defer close(done)
		for {
			visitor, err := listener.Accept()
			if err != nil {
				return
			}
			caught.visits.Add(1)
			_ = visitor.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return caught
}

func TestConfigureMakesNoConnection(t *testing.T) {
	t.Parallel()
	for name, credentials := range map[string]map[string]any{
		"access token":  {"access_token": "a", "client_id": nil, "client_secret": nil, "refresh_token": nil},
		"refresh token": {},
		"platform key":  {"token_key": "a", "secret_key": "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			caught := newTrap(t)
			settings := login(t, credentials)
			settings["api_url"], settings["token_url"], settings["platform_key_url"] = caught.url, caught.url, caught.url
			settings["max_retries"] = 0
			driver := newDriver(t)
			if diags := driver.Configure(t.Context(), settings); len(diags) > 0 {
				t.Fatalf("diagnostics:\n%s", diags)
			}
			if caught.visits.Load() != 0 {
				t.Error("configuring made a connection")
			}

			// The trap catches what comes: the first use does connect.
			if _, diags := driver.ReadData(t.Context(), "appypie_profile", nil); !diags.HasError() || caught.visits.Load() == 0 {
				t.Errorf("reading made %d connections, diagnostics:\n%s", caught.visits.Load(), diags)
			}
		})
	}
}

func TestConfigureWritesNothingAndRunsNothing(t *testing.T) {
	env := acctest.New(t)
	env.NeedsSimulator(t, "it counts the requests of the service")

	home := t.TempDir()
	t.Chdir(home)
	t.Setenv("TF_DATA_DIR", home)
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)

	settings := env.Settings()
	settings["token_store"] = map[string]any{"path": filepath.Join(home, "tokens")}
	driver := newDriver(t)
	if diags := driver.Configure(t.Context(), settings); len(diags) > 0 {
		t.Fatalf("diagnostics:\n%s", diags)
	}
	if found := files(t, home); len(found) > 0 || len(env.Sim.Journal()) > 0 {
		t.Errorf("configuring wrote %v and made %d requests", found, len(env.Sim.Journal()))
	}
	if _, diags := driver.ReadData(t.Context(), "appypie_profile", nil); diags.HasError() || len(files(t, home)) == 0 {
		t.Errorf("reading wrote no token, diagnostics:\n%s", diags)
	}

	mark := filepath.Join(home, "mark")
	command := login(t, map[string]any{"token_command": []string{"/bin/sh", "-c", "touch '" + mark + "'; exit 1"}})
	if diags := newDriver(t).Configure(t.Context(), command); len(diags) > 0 {
		t.Fatalf("diagnostics:\n%s", diags)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("configuring ran token_command")
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string

	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && file != dir {
			found = append(found, entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A proxy that cannot be used would be ignored, or be an address that nobody wrote.
func TestMalformedProxyIsNamed(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://user:swordfish@:::")
	diags := newDriver(t).Configure(t.Context(), login(t, nil))
	if text := diags.String(); !diags.HasError() || !strings.Contains(text, "HTTPS_PROXY is not a usable proxy") || strings.Contains(text, "swordfish") {
		t.Errorf("want an error that names the variable, got:\n%s", text)
	}
}
