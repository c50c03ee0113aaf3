package live_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// TestLiveAgainstAForeignService runs the tests of this package as a user would
// against a service of their own: a process that speaks another dialect, and
// nothing but variables of the environment.
func TestLiveAgainstAForeignService(t *testing.T) {
	t.Parallel()
	if acctest.Live() {
		t.Skip("the tests run against a real account already")
	}
	for _, spoken := range acctest.Dialects() {
		t.Run(string(spoken), func(t *testing.T) {
			t.Parallel()
			service := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this test binary.
			service.Env = append(os.Environ(), serveVariable+"="+string(spoken))
			stop, err := service.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			output, err := service.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := service.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(output)
			lines.Scan()
			url, token, found := strings.Cut(lines.Text(), " ")
			if !found {
				t.Fatalf("the service said %q", lines.Text())
			}
			report, err := live(t, spoken, url, token).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, report)
			}
			for _, name := range []string{"TestLiveConnect", "TestLiveFourResources", "TestLiveDataSources"} {
				if !strings.Contains(string(report), "--- PASS: "+name) {
					t.Errorf("%s did not pass:\n%s", name, report)
				}
			}
			_ = stop.Close()
			lines.Scan()
			if lines.Text() != "0 left of 2" {
				t.Errorf("the service says of its connects: %s", lines.Text())
			}
			if err := service.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

// live is this test binary with APPYPIE_LIVE=1 and nothing else of the environment
// that the provider reads.
func live(t *testing.T, spoken simulator.Dialect, url, token string) *exec.Cmd {
	t.Helper()
	const names = "^(TestLiveConnect|TestLiveFourResources|TestLiveDataSources)$"
	tests := exec.CommandContext(t.Context(), os.Args[0], "-test.run", names, "-test.v", "-test.timeout", "2m") //nolint:gosec // this test binary.
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "APPYPIE_") {
			tests.Env = append(tests.Env, entry)
		}
	}
	tests.Env = append(tests.Env, "APPYPIE_LIVE=1", "APPYPIE_LIVE_RUN_TEST=1", "APPYPIE_API_URL="+url, "APPYPIE_ACCESS_TOKEN="+token)
	if file := acctest.DialectFile(spoken); file != "" {
		tests.Env = append(tests.Env, "APPYPIE_DIALECT="+file)
	}
	return tests
}
