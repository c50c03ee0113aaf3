package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestMain hides what the developer's shell exports: settings from there would
// complete the configurations that are wrong on purpose.
//
// Where a secret manager is named, this program is a command that asks it.
func TestMain(m *testing.M) {
	if url := os.Getenv(secretManagerVariable); url != "" && len(os.Args) == 2 {
		os.Exit(askSecretManager(url, os.Args[1]))
	}
	for _, entry := range os.Environ() {
		if acctest.Live() {
			break // What the shell exports is the account under test.
		}
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "APPYPIE_") && name != "APPYPIE_TEST_DIALECT" {
			_ = os.Unsetenv(name)
		}
	}
	code := m.Run()

	acctest.RemoveBinary()
	os.Exit(code)
}
