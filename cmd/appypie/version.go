package main

import (
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// unreleased is the version of what nobody numbered.
const unreleased = "dev"

// released is the version that the linker set, else that of the module, which
// `go install` knows.
func released(linked string, info *debug.BuildInfo) string {
	if linked != unreleased || info == nil || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return linked
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

func newVersionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "version prints the version of this command.",
		Example: "  appypie version",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return say(cmd, "appypie %s\n", version) },
	}
	return explainCommand(cmd, "the version is printed", "the output was closed")
}
