package main

import (
	"github.com/spf13/cobra"
)

func newVersionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "version prints which version of the command this is.",
		Example: "  appypie version",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return say(cmd, "appypie %s\n", version) },
	}
	return explainCommand(cmd, "printed", "the output was closed")
}
