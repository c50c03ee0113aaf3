package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// choice is the value of a flag that has few.
type choice struct {
	value   *string
	allowed []string
}

// addChoice adds a flag that takes one of a few values; the first is the default.
func addChoice(cmd *cobra.Command, value *string, name, usage string, allowed ...string) {
	*value = allowed[0]
	cmd.Flags().Var(&choice{value, allowed}, name, usage)
	complete(cmd, name, cobra.FixedCompletions(allowed, cobra.ShellCompDirectiveNoFileComp))
}

// String implements pflag.Value.
func (c *choice) String() string { return *c.value }

// Set implements pflag.Value.
func (c *choice) Set(text string) error {
	if !slices.Contains(c.allowed, text) {
		return fmt.Errorf("it must be one of %s", strings.Join(c.allowed, ", "))
	}
	*c.value = text
	return nil
}

// Type implements pflag.Value: the help shows it behind the flag.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

// withoutFiles marks flags whose values are no files: a shell would offer them.
func withoutFiles(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		complete(cmd, name, cobra.NoFileCompletions)
	}
}

func complete(cmd *cobra.Command, name string, by cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(name, by); err != nil {
		panic(err) // The flag is unknown or named twice: a fault of this program.
	}
}

// withoutFileArguments is withoutFiles for the arguments of a command and of all
// below it.
func withoutFileArguments(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, child := range cmd.Commands() {
		withoutFileArguments(child)
	}
}
