package provider_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// secretManager stands for one on the network: it keeps documents by their keys,
// stores one only in place of the revision that the caller knows, and hands out
// access tokens. Machines reach it by commands, which are this test program.
type secretManager struct {
	url   string
	issue func() string

	mu        sync.Mutex
	documents map[string][]byte
	revisions map[string]int64
}

// secretManagerVariable is where the commands find the secret manager.
const secretManagerVariable = "SECRET_MANAGER_URL"

func newSecretManager(t *testing.T, env *acctest.Env) *secretManager {
	t.Helper()
	s := &secretManager{issue: env.Sim.IssueAccessToken, documents: map[string][]byte{}, revisions: map[string]int64{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// store is the environment of a machine that keeps its login there.
func (s *secretManager) store(t *testing.T) []string {
	t.Helper()
	return []string{
		secretManagerVariable + "=" + s.url, "APPYPIE_TOKEN_STORE_TYPE=command",
		"APPYPIE_TOKEN_STORE_GET_COMMAND=" + command(t, "get"), "APPYPIE_TOKEN_STORE_PUT_COMMAND=" + command(t, "put"),
	}
}

// token is the environment of a machine that asks for an access token there.
func (s *secretManager) token(t *testing.T) []string {
	t.Helper()
	return []string{secretManagerVariable + "=" + s.url, "APPYPIE_TOKEN_COMMAND=" + command(t, "token")}
}

// command is this program with a verb, as the provider's environment has it.
func command(t *testing.T, verb string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	argv, err := json.Marshal([]string{program, verb})
	if err != nil {
		t.Fatal(err)
	}
	return string(argv)
}

func (s *secretManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.URL.Path
	switch {
	case key == "/token":
		_, _ = fmt.Fprintf(w, `{"access_token": %q}`, s.issue())
	case r.Method == http.MethodGet:
		_, _ = w.Write(s.documents[key])
	case r.Header.Get("If-Match") != strconv.FormatInt(s.revisions[key], 10):
		w.WriteHeader(http.StatusPreconditionFailed)
	default:
		document, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.documents[key] = document
		s.revisions[key]++
	}
}

// askSecretManager is what the commands do. It gives the exit status.
func askSecretManager(url, verb string) int {
	method, place, body := http.MethodGet, "/"+os.Getenv("APPYPIE_STORE_KEY"), []byte(nil)
	switch verb {
	case "token":
		place = "/token"
	case "put":
		method = http.MethodPut
		var err error
		if body, err = io.ReadAll(os.Stdin); err != nil {
			return 1
		}
	}
	//nolint:gosec // the test gives the address, which is on loopback.
	request, err := http.NewRequestWithContext(context.Background(), method, url+place, bytes.NewReader(body))
	if err != nil {
		return 1
	}
	request.Header.Set("If-Match", os.Getenv("APPYPIE_STORE_EXPECTED_REVISION"))
	response, err := new(http.Client).Do(request) //nolint:gosec // as above.
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return 1
	}
	switch response.StatusCode {
	case http.StatusOK:
		return 0
	case http.StatusPreconditionFailed:
		return 3
	}
	return 1
}
