package acctest

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
)

// liveVariable switches all tests to a real account when it is "1".
const liveVariable = "APPYPIE_LIVE"

// reliabilityVariable chooses how much of the fault matrix runs. It configures
// the tests and not the provider, so that it stays.
const reliabilityVariable = "APPYPIE_RELIABILITY"

// Live tells whether tests run against a real account.
func Live() bool { return os.Getenv(liveVariable) == "1" }

// NeedsSimulator skips the test when it runs against a real account. Reason
// completes the sentence "this test needs the simulator: …".
func (e *Env) NeedsSimulator(t *testing.T, reason string) {
	t.Helper()
	if e.Sim == nil {
		skipLive(t, reason)
	}
}

func skipLive(t *testing.T, reason string) {
	t.Helper()
	t.Skipf("this test needs the simulator and %s=1 selects a real account: %s", liveVariable, reason)
}

// liveCredentials are those that the provider itself would take from the
// environment.
func liveCredentials() auth.Config {
	return auth.Config{
		AccessToken:  os.Getenv("APPYPIE_ACCESS_TOKEN"),
		ClientID:     os.Getenv("APPYPIE_CLIENT_ID"),
		ClientSecret: os.Getenv("APPYPIE_CLIENT_SECRET"),
		RefreshToken: os.Getenv("APPYPIE_REFRESH_TOKEN"),
		TokenURL:     os.Getenv("APPYPIE_TOKEN_URL"),
		Profile:      os.Getenv("APPYPIE_PROFILE"),
		// The store must be the provider's: two stores would each spend the
		// refresh token, and the second one would end the login.
		Store: auth.StoreConfig{
			Type:          os.Getenv("APPYPIE_TOKEN_STORE_TYPE"),
			Path:          os.Getenv("APPYPIE_TOKEN_STORE_PATH"),
			GetCommand:    strings.Fields(os.Getenv("APPYPIE_TOKEN_STORE_GET_COMMAND")),
			PutCommand:    strings.Fields(os.Getenv("APPYPIE_TOKEN_STORE_PUT_COMMAND")),
			EncryptionKey: os.Getenv("APPYPIE_TOKEN_STORE_KEY"),
		},
	}
}

// liveDialect is the text of the dialect file that the environment names.
func liveDialect(t *testing.T) string {
	t.Helper()
	file := os.Getenv("APPYPIE_DIALECT")
	if file == "" {
		return ""
	}
	return readFile(t, file)
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file) //nolint:gosec // the test, or whoever runs it, names it.
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Afterwards is a context for what is done after a test, whose own has ended.
func Afterwards(t *testing.T, patience time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(context.WithoutCancel(t.Context()), patience)
}

// inherited is the environment that the test process was started with.
var inherited = os.Environ()

// forgetEnvironment removes the credentials that the developer's shell exports:
// an access token there would win over the login of the simulated service. What
// a test has set itself stays.
var forgetEnvironment = sync.OnceFunc(func() {
	for _, entry := range inherited {
		name, value, _ := strings.Cut(entry, "=")
		ours := strings.HasPrefix(name, "APPYPIE_") && name != reliabilityVariable && name != dialectVariable
		if ours && value == os.Getenv(name) {
			_ = os.Unsetenv(name)
		}
	}
})
