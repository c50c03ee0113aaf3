package provider_test

import (
	"os"
	"strings"
	"testing"
)

// TestMain hides what the developer's shell exports: settings from there would
// complete the configurations that are wrong on purpose.
func TestMain(m *testing.M) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "APPYPIE_") && name != "APPYPIE_LIVE" {
			_ = os.Unsetenv(name)
		}
	}

	os.Exit(m.Run())
}
