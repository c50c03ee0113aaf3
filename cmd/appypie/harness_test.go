package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// childCommand lets the test binary be the companion command of another process.
const childCommand = "child-appypie"

// commandVariable lets the test binary be the companion command when it is set,
// and whatever that starts too.
const commandVariable = "APPYPIE_TEST_COMMAND"

// touchCommand lets the test binary be a command of the configuration that
// leaves a file behind.
const touchCommand = "child-touch"

// TestMain runs the command itself when a test starts this binary as a child.
// The arguments before "--" are variables.
func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) != "" {
		os.Exit(run())
	}
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		args := os.Args[2:]
		end := slices.Index(args, "--")
		for _, pair := range args[:end] {
			name, value, _ := strings.Cut(pair, "=")
			if err := os.Setenv(name, value); err != nil {
				os.Exit(3)
			}
		}
		os.Args = append(os.Args[:1], args[end+1:]...)
		os.Exit(run())
	}
	if len(os.Args) > 2 && os.Args[1] == touchCommand {
		if err := os.WriteFile(os.Args[2], nil, 0o600); err != nil { //nolint:gosec // The parent test made the path.
			os.Exit(3)
		}
		os.Exit(0)
	}
	code := m.Run()
	acctest.RemoveBinary()
	os.Exit(code)
}

// bench is a person with a machine, a browser and a Connect service.
type bench struct {
	t *testing.T
	// env is the simulated service; its exchanges are held to the contract.
	env   *acctest.Env
	vars  map[string]string
	store string
	// browse is what the person does with a link. It runs beside the command.
	browse func(link string)
	// secret is what the person types when asked.
	secret string
	// live tells that the command writes to a terminal, and ticks moves the time
	// that it shows.
	live  bool
	ticks chan time.Time

	// clock is the machine's, for the ends of tokens.
	clock movedClock

	mu        sync.Mutex
	exchanges []simulator.Exchange
	browsers  sync.WaitGroup
}

// newBench is a bench without a login whose person allows everything.
func newBench(t *testing.T) *bench {
	t.Helper()
	return benchWith(t, func(*simulator.Config) {})
}

// benchWith is newBench with a service that behaves in a certain way.
func benchWith(t *testing.T, configure func(*simulator.Config)) *bench {
	t.Helper()
	b := &bench{t: t, store: filepath.Join(t.TempDir(), "tokens")}
	b.env = acctest.New(t, acctest.WithSimulator(func(cfg *simulator.Config) {
		configure(cfg)
		cfg.Observe = b.observe
	}))
	b.vars = map[string]string{
		"APPYPIE_API_URL":          b.env.URL + simulator.APIBase,
		"APPYPIE_TOKEN_URL":        b.env.URL + "/v1/oauth2/token",
		"APPYPIE_CLIENT_ID":        b.env.Sim.ClientID(),
		"APPYPIE_CLIENT_SECRET":    b.env.Sim.ClientSecret(),
		"APPYPIE_TOKEN_STORE_PATH": b.store,
	}
	b.browse = func(link string) { b.press(link, "allow") }
	t.Cleanup(b.browsers.Wait)
	return b
}

func (b *bench) observe(x simulator.Exchange) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchanges = append(b.exchanges, x)
}

// of returns the exchanges of one operation.
func (b *bench) of(operation string) []simulator.Exchange {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.exchanges), func(x simulator.Exchange) bool { return x.Operation != operation })
}

// machine is what the commands run on.
func (b *bench) machine() machine {
	return machine{
		getenv: func(name string) string { return b.vars[name] },
		openBrowser: func(_ context.Context, link string) error {
			b.browsers.Go(func() { b.browse(link) })
			return nil
		},
		askSecret: func(context.Context, io.Reader, io.Writer, string) (string, error) {
			if b.secret == "" {
				return "", errNoTerminal
			}
			return b.secret, nil
		},
		clock:      &b.clock,
		isTerminal: func(io.Writer) bool { return b.live },
		now:        func() time.Time { return time.Time{} },
		tick:       func(time.Duration) (<-chan time.Time, func()) { return b.ticks, func() {} },
	}
}

// movedClock is the system's, moved ahead.
type movedClock struct {
	wire.SystemClock

	by time.Duration
}

func (c *movedClock) Now() time.Time        { return c.SystemClock.Now().Add(c.by) }
func (c *movedClock) ahead(d time.Duration) { c.by += d }

// result is what a command left behind.
type result struct {
	out, notices string
	err          error
}

// all is everything that a person could see of it.
func (r result) all() string {
	text := r.out + r.notices
	if r.err != nil {
		text += explain(r.err)
	}
	return text
}

// run runs a command and waits for it.
func (b *bench) run(args ...string) result {
	b.t.Helper()
	return b.runWith(b.t.Context(), strings.NewReader(""), &bytes.Buffer{}, args...)
}

func (b *bench) runWith(ctx context.Context, in io.Reader, notices *bytes.Buffer, args ...string) result {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, bounded)
	defer cancel()
	var out bytes.Buffer
	root := newRootCommandOn(b.machine()) //nolint:contextcheck // a command gets its context when it is executed.
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(&out)
	root.SetErr(notices)
	err := root.ExecuteContext(ctx)
	return result{out.String(), notices.String(), err}
}

// must is run where the command has to succeed.
func (b *bench) must(args ...string) result {
	b.t.Helper()
	r := b.run(args...)
	if r.err != nil {
		b.t.Fatalf("appypie %s: %v\n%s", strings.Join(args, " "), r.err, r.notices)
	}
	return r
}

// login logs in so that the profile is all that is needed afterwards, and
// forgets the client.
func (b *bench) login(profile string) result {
	b.t.Helper()
	r := b.must("login", "--profile", profile, "--store-client-secret")
	b.forgetClient()
	return r
}

func (b *bench) forgetClient() {
	for _, name := range []string{"APPYPIE_CLIENT_ID", "APPYPIE_CLIENT_SECRET", "APPYPIE_TOKEN_URL"} {
		delete(b.vars, name)
	}
}

// fails expects an error with a text, and the exit code.
func (b *bench) fails(r result, code int, want string) {
	b.t.Helper()
	if r.err == nil || !strings.Contains(explain(r.err), want) {
		b.t.Errorf("error %v, want one with %q", r.err, want)
	}
	if got := exitCode(r.err); got != code {
		b.t.Errorf("exit code %d, want %d (%v)", got, code, r.err)
	}
	b.silent(r)
}

// silent fails the test when a secret of the service can be seen.
func (b *bench) silent(r result) {
	b.t.Helper()
	for _, secret := range b.env.Sim.IssuedSecrets() {
		// The link of an account is for the person, who could not open it otherwise.
		if strings.Contains(r.all(), secret) && !strings.HasPrefix(secret, "ticket_") {
			b.t.Errorf("the secret %.6s… is printed:\n%s", secret, r.all())
		}
	}
}

// page is what a browser shows.
type page struct {
	status int
	header http.Header
	text   string
}

// press opens a link, presses a button of the page and goes where that leads.
func (b *bench) press(link, decision string) page {
	if got := b.visit(http.MethodGet, link, ""); got.status != http.StatusOK {
		b.t.Errorf("the page answered %d: %s", got.status, got.text)
	}
	target, form := b.decision(link, decision)
	return b.visit(http.MethodPost, target, form)
}

// decision is where a button of the page behind a link leads, and with what.
func (b *bench) decision(link, decision string) (target, form string) {
	u, err := url.Parse(link)
	if err != nil {
		b.t.Errorf("link: %v", err)
		return link, ""
	}
	values := u.Query()
	values.Set("decision", decision)
	if strings.HasSuffix(u.Path, authorizePath) {
		return b.env.URL + "/oAuth/decision", values.Encode()
	}
	return link, values.Encode()
}

// visit makes a request as a browser without cookies would, following redirects.
func (b *bench) visit(method, target, form string) page {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.t.Context()), bounded)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(form))
	if err != nil {
		b.t.Errorf("request: %v", err)
		return page{}
	}
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.fetch(req)
}

func (b *bench) fetch(req *http.Request) page {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		b.t.Errorf("%s: %v", req.Method, err)
		return page{}
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		b.t.Errorf("read the page: %v", err)
	}
	return page{res.StatusCode, res.Header, string(text)}
}

// callbackOf is the address that a login link sends the browser back to, with
// the state of that link and further parameters.
func callbackOf(t *testing.T, link string, parameters ...string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatalf("link: %v", err)
	}
	query := url.Values{"state": {u.Query().Get("state")}}
	for pair := range slices.Chunk(parameters, 2) {
		query.Set(pair[0], pair[1])
	}
	return u.Query().Get("redirect_uri") + "?" + query.Encode()
}
