package live_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// serveVariable has the test binary be a simulated service of a dialect instead of
// running tests. It ends with its standard input.
const serveVariable = "APPYPIE_TEST_SERVE"

func TestMain(m *testing.M) {
	if spoken := os.Getenv(serveVariable); spoken != "" {
		if err := serve(os.Stdout, simulator.Dialect(spoken)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve prints the address and an access token, and then what is left at the end.
func serve(out io.Writer, spoken simulator.Dialect) error {
	server, err := simulator.Start(context.Background(), simulator.Config{Dialect: spoken}, "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(out, server.URL+simulator.APIBase, server.IssueAccessToken())
	_, err = io.Copy(io.Discard, os.Stdin)
	_, _ = fmt.Fprintln(out, len(server.Connects()), "left of", server.RequestCounts()["create_connect"])
	return err
}
