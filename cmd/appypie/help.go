package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// newHelpCommand is cobra's, but that it refuses what is no command.
func newHelpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND...]",
		Short: "Help about any command",
		Long:  "help shows what a command does, with its flags, variables, exit codes and examples.",
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			at, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []cobra.Completion
			for _, child := range at.Commands() {
				if child.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(child.Name(), child.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			at, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				unknown := args[len(args)-max(1, len(rest)):]
				if at == nil {
					at = root
				}
				return usageNext("`"+at.CommandPath()+" --help` lists the commands.", "there is no command %q%s", unknown[0], suggestion(at, unknown))
			}
			at.InitDefaultHelpFlag()
			return at.Help()
		},
	}
}

// Annotations of commands that become sections of their help.
const (
	environmentSection = "environment"
	exitCodesSection   = "exit codes"
)

// helpSections follow what cobra says by itself.
const helpSections = `{{with index .Annotations "` + environmentSection + `"}}
Environment:
{{.}}
{{end}}{{with index .Annotations "` + exitCodesSection + `"}}
Exit codes:
{{.}}
{{end}}`

// variable is an environment variable that a command reads.
type variable struct{ name, meaning string }

// sourceVariables name where access tokens come from, beside a login.
func sourceVariables() []variable {
	return []variable{
		{variablePrefix + "ACCESS_TOKEN", "access token, used as it is and never renewed"},
		{variablePrefix + "ACCESS_TOKEN_EXPIRES_AT", "when that token expires: RFC 3339, or Unix seconds"},
		{variablePrefix + "TOKEN_COMMAND", "program that prints an access token"},
		{variablePrefix + "REFRESH_TOKEN", "refresh token that starts a login"},
	}
}

// loginVariables name a login and where it is kept.
func loginVariables() []variable {
	return []variable{
		{variablePrefix + "PROFILE", "login to use"},
		{variablePrefix + "CLIENT_ID", "id of the OAuth client"},
		{variablePrefix + "CLIENT_SECRET", "secret of the OAuth client"},
		{variablePrefix + "CLIENT_AUTH", "how the client sends them: body or header"},
		{variablePrefix + "TOKEN_URL", "token endpoint"},
		{variablePrefix + "TOKEN_STORE_TYPE", "where logins are kept: file, command or none"},
		{variablePrefix + "TOKEN_STORE_PATH", "folder of the token store"},
		{variablePrefix + "TOKEN_STORE_KEY", "key that the token store is encrypted with"},
		{variablePrefix + "TOKEN_STORE_GET_COMMAND", "program that reads from a store of type command"},
		{variablePrefix + "TOKEN_STORE_PUT_COMMAND", "program that writes to a store of type command"},
	}
}

// apiVariables name the service.
func apiVariables() []variable {
	return []variable{
		{variablePrefix + "API_URL", "base address of the API"},
		{variablePrefix + "DIALECT", "YAML file that says how the service differs from what is assumed"},
		{variablePrefix + "ENDPOINTS", `other methods and paths of operations: {"list_apps":"GET /apps"}`},
		{variablePrefix + "TOKEN_KEY", "public half of the platform key pair"},
		{variablePrefix + "SECRET_KEY", "secret half of the platform key pair"},
		{variablePrefix + "PLATFORM_KEY_URL", "where platform keys are issued"},
	}
}

// networkVariables are about the way to the service.
func networkVariables() []variable {
	return []variable{
		{variablePrefix + "CA_CERTIFICATE_FILE", "PEM file of certificate authorities to trust in addition to the system's"},
		{"HTTPS_PROXY", "proxy to use, except for hosts in NO_PROXY"},
	}
}

func pageVariables() []variable {
	return []variable{{variablePrefix + "AUTHORIZE_URL", "authorization page"}}
}

func terminalVariables() []variable {
	return []variable{{"NO_COLOR", "if set, progress is printed as plain lines, even on a terminal"}}
}

// explainCommand adds the sections to a command's help: the variables that it
// reads, and what its exit codes mean. That of a wrong call is the same for all.
func explainCommand(cmd *cobra.Command, done, failed string, groups ...[]variable) *cobra.Command {
	cmd.Annotations = map[string]string{}
	var rows [][2]string
	for _, group := range groups {
		for _, each := range group {
			rows = append(rows, [2]string{each.name, each.meaning})
		}
	}
	if len(rows) > 0 {
		cmd.Annotations[environmentSection] = columns(rows)
	}
	cmd.Annotations[exitCodesSection] = columns([][2]string{
		{"0", done},
		{fmt.Sprint(exitFailure), failed},
		{fmt.Sprint(exitUsage), "invalid command line"},
	})
	return cmd
}

// columns sets rows as cobra sets flags.
func columns(rows [][2]string) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, row := range rows {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
	}
	_ = table.Flush() // A strings.Builder takes everything.
	return strings.TrimRight(text.String(), "\n")
}
