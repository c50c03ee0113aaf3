// Command appypie is the companion of the Appy Pie Connect provider for
// Terraform: what the provider needs a person or a shell for.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/appypie-community/terraform-provider-appypie/internal/errcode"
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
	if info, ok := debug.ReadBuildInfo(); ok {
		version = released(version, info)
	}
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
		Long: "appypie does what a provider can't: log in, connect accounts, find things by name, write configuration,\n" +
			"and check the API.\n\n" +
			"Start with `appypie login`, which opens the browser once and stores the login for Terraform, or with\n" +
			"`appypie simulator`, a Connect service on this machine to try the provider against.\n\n" +
			"The commands read the same APPYPIE_* variables as the provider; a flag overrides its variable. Results\n" +
			"go to standard output, everything else to standard error. `appypie completion --help` explains shell\n" +
			"completion.",
		Example: "  appypie simulator                      # a service to try the provider against, without an account\n" +
			"  appypie login --store-client-secret    # log in; then Terraform needs no more than the profile\n" +
			"  appypie status                         # is the login still good?\n" +
			"  appypie doctor --probe                 # does the API answer as the provider assumes?\n" +
			"  appypie accounts connect slack         # connect an account, and get its id for account_id\n" +
			"  appypie scaffold sheets hubspot        # write the configuration of a connect that joins two apps",
		Version:       version,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		newLoginCommand(m), newLogoutCommand(m), newStatusCommand(m), newTokenCommand(m), newProfilesCommand(m),
		newAppsCommand(m), newMatchesCommand(m), newFieldsCommand(m), newAccountsCommand(m), newConnectsCommand(m), newHistoryCommand(m),
		newScaffoldCommand(m), newExportCommand(m), newDoctorCommand(m), newDialectCommand(m), newSimulatorCommand(), newVersionCommand(),
	)
	explainCommand(root, "done", "failed; standard error says why and what to do")
	root.SetUsageTemplate(root.UsageTemplate() + helpSections)
	knowProfiles(root, m)
	root.InitDefaultCompletionCmd()
	root.SetHelpCommand(newHelpCommand(root))
	for _, cmd := range root.Commands() {
		if !cmd.Runnable() {
			// Only a command that runs refuses what it does not know.
			cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	markUsageErrors(root)
	withoutFileArguments(root)
	return root
}

// usageError is a call that cannot mean anything, as opposed to one that failed.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }

func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &usageError{errcode.Errorf(errcode.Usage, format, args...)}
}

// usageNext is a wrong call with the way to correct it.
func usageNext(next, format string, args ...any) error {
	return &usageError{errcode.WithNext(errcode.Errorf(errcode.Usage, format, args...), next)}
}

// readHelp is what to do where only the help of a command can tell.
func readHelp(cmd *cobra.Command) string { return "Read `" + cmd.CommandPath() + " --help`." }

// markUsageErrors makes usage errors of what cobra finds wrong with flags and
// arguments, for a command and all below it.
func markUsageErrors(cmd *cobra.Command) {
	cmd.SuggestionsMinimumDistance = 2
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageNext(readHelp(cmd), "%w", err)
	})
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				if strings.Contains(err.Error(), "arg(s)") {
					err = errors.New("wrong number of arguments for: " + cmd.UseLine())
				}
				return usageNext(readHelp(cmd), "%w%s", err, suggestion(cmd, args))
			}
			return nil
		}
	}
	for _, child := range cmd.Commands() {
		markUsageErrors(child)
	}
}

// suggestion names the command that an unknown one is most like.
func suggestion(cmd *cobra.Command, args []string) string {
	if len(args) > 0 {
		for _, like := range cmd.SuggestionsFor(args[0]) {
			return fmt.Sprintf("; did you mean %q?", like)
		}
	}
	return ""
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

// explain is the error as a person reads it, with the next step and the code under
// which the guide on troubleshooting explains it.
func explain(err error) string {
	if errors.Is(err, context.Canceled) {
		return "interrupted\n" + codeOf(err).Line()
	}
	text := err.Error() + "\n"
	if advice := errcode.Advice(err); advice != "" {
		text += advice + "\n"
	}
	return text + codeOf(err).Line()
}

// inOneLine is the error with the next step, for a report that has no room for more.
func inOneLine(err error) string {
	if advice := errcode.Advice(err); advice != "" {
		return err.Error() + ". " + advice
	}
	return err.Error()
}

// codeOf is the code of an error. What is of no kind went wrong on this machine.
func codeOf(err error) errcode.Code {
	if code, ok := errcode.Of(err); ok {
		return code
	}
	return errcode.LocalFault
}
