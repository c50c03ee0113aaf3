// Package acctest is the one harness of the tests that need a Connect service.
//
// Each Env starts a simulated service of its own, so tests run in parallel and
// share nothing. Every exchange is held to the contract while the test runs, and
// state and plans are searched for secrets. With APPYPIE_LIVE=1 and credentials
// in APPYPIE_* the same tests run against a real account instead.
package acctest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/tfwrite"
)

// closeTimeout bounds the end of a simulated service.
const closeTimeout = 10 * time.Second

// Env is what one test runs against.
type Env struct {
	// Sim is the simulated service; nil when the test runs against a real
	// account. Tests that reach for it call NeedsSimulator first.
	Sim *simulator.Service
	// URL is the root of the simulated service; empty for a real account.
	URL string

	spoken   simulator.Dialect
	document string // of the dialect; empty for the default
	settings map[string]any
	canaries *canaries
}

type options struct {
	simulator  []func(*simulator.Config)
	noContract string
	dialect    simulator.Dialect
	document   string
}

// Option changes what New starts.
type Option func(*options)

// WithSimulator configures the simulated service. A test that needs it to behave
// in a certain way cannot run against a real account and is skipped there.
func WithSimulator(configure func(*simulator.Config)) Option {
	return func(o *options) { o.simulator = append(o.simulator, configure) }
}

// WithoutContract lets a test break the contract on purpose, for example because
// it overrides paths. The reason is printed with the test.
func WithoutContract(reason string) Option {
	return func(o *options) { o.noContract = reason }
}

// New starts a simulated service that ends with the test, with one login and an
// empty token store. When the test ends it fails for every exchange that broke
// the contract.
func New(t *testing.T, opts ...Option) *Env {
	t.Helper()
	var o options
	for _, option := range opts {
		option(&o)
	}
	if Live() {
		if len(o.simulator) > 0 || o.dialect != "" {
			skipLive(t, "the service must behave in a certain way")
		}
		return &Env{canaries: &canaries{}, document: liveDialect(t), settings: map[string]any{}}
	}
	forgetEnvironment()

	cfg := simulator.Config{}
	for _, configure := range o.simulator {
		configure(&cfg)
	}
	o.chooseDialect(t, &cfg)
	if o.noContract == "" {
		cfg.Observe = observe(t, cfg.Observe)
	} else {
		t.Logf("exchanges are not held to the contract: %s", o.noContract)
	}
	server, err := simulator.Start(t.Context(), cfg, "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start the simulated service: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := Afterwards(t, closeTimeout)
		defer cancel()
		if err := server.Close(ctx); err != nil {
			t.Errorf("end the simulated service: %v", err)
		}
	})

	env := &Env{Sim: server.Service, URL: server.URL, canaries: &canaries{service: server.Service}, spoken: cfg.Dialect, document: o.document}
	env.settings = map[string]any{
		"api_url":       env.URL + simulator.APIBase,
		"token_url":     env.URL + "/v1/oauth2/token",
		"client_id":     env.Sim.ClientID(),
		"client_secret": env.Sim.ClientSecret(),
		"refresh_token": env.Sim.Login(),
		"token_store":   map[string]any{"path": filepath.Join(t.TempDir(), "tokens")},
	}
	if o.document != "" {
		env.settings["dialect"] = o.document
	}
	return env
}

// Factories returns the provider for TestCase.ProtoV6ProviderFactories.
func (e *Env) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"appypie": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(provider.New("test")()), nil },
	}
}

// Client returns an API client of its own. Against the simulated service it has
// an access token outside the provider's login, so that it never rotates the
// refresh token under test.
func (e *Env) Client(t *testing.T) *connectapi.Client {
	t.Helper()
	httpClient, err := connectapi.NewHTTPClient(connectapi.TransportConfig{UserAgent: "acctest"})
	if err != nil {
		t.Fatalf("make an HTTP client: %v", err)
	}
	t.Cleanup(httpClient.CloseIdleConnections)
	cfg := connectapi.Config{HTTPClient: httpClient}
	credentials := liveCredentials()
	if e.Sim != nil {
		cfg.BaseURL = e.URL + simulator.APIBase
		credentials = auth.Config{AccessToken: e.Sim.IssueAccessToken()}
	} else {
		cfg.BaseURL = os.Getenv("APPYPIE_API_URL")
	}
	credentials.HTTPClient = httpClient
	if e.document != "" {
		if cfg.Dialect, err = dialect.Load(dialect.File("dialect", []byte(e.document))); err != nil {
			t.Fatal(err)
		}
	}
	if cfg.Tokens, err = auth.New(credentials); err != nil {
		t.Fatalf("make a token source: %v", err)
	}
	client, err := connectapi.New(cfg)
	if err != nil {
		t.Fatalf("make an API client: %v", err)
	}
	return client
}

// Canary marks a value as secret, in addition to all tokens and keys that the
// service issued: it must not appear in state or in the changes of a plan. It
// returns the value.
func (e *Env) Canary(value string) string {
	e.canaries.add(value)
	return value
}

// Requests returns the journaled requests to the given operations in the order
// of arrival, or to all API operations when none is given. Token requests are
// left out of the latter because their number depends on timing.
func (e *Env) Requests(operations ...string) []simulator.Entry {
	if len(operations) == 0 {
		for _, name := range simulator.Operations() {
			if !slices.Contains([]string{"authorize", "create_token", "create_platform_key"}, name) {
				operations = append(operations, name)
			}
		}
	}
	var entries []simulator.Entry
	for _, entry := range e.Sim.Journal() {
		if slices.Contains(operations, entry.Operation) {
			entries = append(entries, entry)
		}
	}
	return entries
}

// Writes returns the names of the operations that changed something, in the
// order of arrival: what a test about the order of steps compares.
func (e *Env) Writes() []string {
	names := []string{}
	for _, entry := range e.Requests("create_connect", "edit_trigger_options", "edit_action_options", "run_test",
		"turn_on_connect", "turn_off_connect", "update_connect_name", "delete_connect") {
		names = append(names, entry.Operation)
	}
	return names
}

// ResetJournal forgets the requests so far.
func (e *Env) ResetJournal() { e.Sim.ResetJournal() }

// FindSecrets returns an error when text holds a credential that the service
// issued or a value that was marked as a canary. Where says what the text is.
func (e *Env) FindSecrets(where, text string) error { return e.canaries.find(where, text) }

// TokenStore is the directory in which the provider of this Env keeps its login.
func (e *Env) TokenStore() string {
	store, _ := e.settings["token_store"].(map[string]any)
	path, _ := store["path"].(string)
	return path
}

// Config returns a configuration of Terraform: a provider block that points at
// the service of this Env, and then hcl.
func (e *Env) Config(hcl string) string { return e.providerBlock() + "\n" + hcl }

func (e *Env) providerBlock() string {
	var block strings.Builder
	for _, name := range slices.Sorted(maps.Keys(e.settings)) {
		fmt.Fprintf(&block, "  %s = %s\n", name, literal(e.settings[name]))
	}
	return "provider \"appypie\" {\n" + block.String() + "}\n"
}

// Settings returns the values of the provider block, for Driver.Configure. The
// map is the caller's to change.
func (e *Env) Settings() map[string]any { return maps.Clone(e.settings) }

// literal renders a string, or an object of strings, as HCL.
func literal(value any) string {
	object, ok := value.(map[string]any)
	if !ok {
		return tfwrite.Quote(fmt.Sprint(value))
	}
	var members []string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		members = append(members, name+" = "+literal(object[name]))
	}
	return "{ " + strings.Join(members, ", ") + " }"
}
