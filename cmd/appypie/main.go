// Command appypie is the companion of the Appy Pie Connect provider for
// Terraform: what the provider needs a person or a shell for.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/problem"
)

// version is set by the linker at release time.
var version = "dev"

// What a shell sees of the outcome.
const (
	exitFailure = 1
	exitUsage   = 2
)

func main() { os.Exit(run()) }

// run exists so that deferred work is done before the process ends.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := newRootCommand().ExecuteContext(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", explain(err))
	}
	return exitCode(err)
}

func newRootCommand() *cobra.Command { return newRootCommandOn(thisMachine()) }

// newRootCommandOn is the whole command on a machine, which tests bring along.
func newRootCommandOn(m machine) *cobra.Command {
	root := &cobra.Command{
		Use:   "appypie",
		Short: "Companion of the Appy Pie Connect provider for Terraform",
		Long: "appypie does beside Terraform what a provider cannot do inside it.\n\n" +
			"Start with `appypie login`, which opens the browser once and keeps the login for Terraform,\n" +
			"or with `appypie simulator`, a Connect service on this machine to try the provider against.\n\n" +
			"The commands read the same APPYPIE_* variables as the provider; a flag wins over its variable.\n" +
			"They exit with 0, with 1 when something failed, and with 2 when they were called wrongly.",
		Version:       version,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		newLoginCommand(m), newLogoutCommand(m), newStatusCommand(m), newTokenCommand(m),
		newAccountsCommand(m), newDoctorCommand(m), newSimulatorCommand(),
	)
	markUsageErrors(root)
	return root
}

// usageError is a call that cannot mean anything, as opposed to one that failed.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &usageError{problem.Errorf(problem.Usage, format, args...)}
}

// markUsageErrors makes usage errors of what cobra finds wrong with flags and
// arguments, for a command and all below it.
func markUsageErrors(cmd *cobra.Command) {
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage("%w; see `%s --help`", err, cmd.CommandPath())
	})
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return usage("%w; see `%s --help`", err, cmd.CommandPath())
			}
			return nil
		}
	}
	for _, child := range cmd.Commands() {
		markUsageErrors(child)
	}
}

func exitCode(err error) int {
	var wrong *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		return exitUsage
	default:
		return exitFailure
	}
}

// explain is the error as a person reads it, with the code under which the
// guide on troubleshooting explains it.
func explain(err error) string {
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		text = "interrupted"
	}
	return text + "\n" + codeOf(err).Line()
}

// codeOf is the code of an error. What is of no kind went wrong on this machine.
func codeOf(err error) problem.Code {
	if code, ok := problem.Of(err); ok {
		return code
	}
	return problem.LocalFault
}
