// Command appypie is the companion of the Appy Pie Connect provider for
// Terraform: what the provider needs a person or a shell for.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the linker at release time.
var version = "dev"

func main() { os.Exit(run()) }

// run exists so that deferred work is done before the process ends.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newRootCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	return 0
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "appypie",
		Short: "Companion of the Appy Pie Connect provider for Terraform",
		Long: "appypie does beside Terraform what a provider cannot do inside it.\n\n" +
			"Start with `appypie simulator`: a Connect service on this machine to try the provider against.",
		Version:       version,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newSimulatorCommand())
	return root
}
