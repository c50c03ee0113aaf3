package reliability_test

import (
	"fmt"
	"os"
	"testing"
)

// runnerVariable has the test binary be a runner of TestLoad instead of running
// tests. It ends with its standard input.
const runnerVariable = "APPYPIE_TEST_RUNNER"

func TestMain(m *testing.M) {
	if os.Getenv(runnerVariable) != "" {
		if err := serveRunner(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
