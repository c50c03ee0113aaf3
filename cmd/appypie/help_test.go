package main

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// commands are all commands of this program, without those that cobra brings.
func commands(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, child := range cmd.Commands() {
		if child.Name() != "completion" && child.Name() != "help" {
			all = append(all, commands(child)...)
		}
	}
	return all
}

// words splits a line as a shell does, as far as the examples need.
var words = regexp.MustCompile(`"[^"]*"|'[^']*'|\S+`)

func TestHelpTeaches(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, cmd := range commands(newRootCommandOn(b.machine())) {
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			t.Parallel()
			_, path, _ := strings.Cut(cmd.CommandPath(), " ")
			help := (&bench{t: t}).runOn(b.machine(), append(strings.Fields(path), "--help")...)
			if cmd.Long == "" || !strings.HasPrefix(help.out, cmd.Long) {
				t.Errorf("the purpose is missing:\n%s", help.out)
			}
			for line := range strings.Lines(help.out) {
				if len(line) > 200 {
					t.Errorf("a line of %d characters: %s", len(line), line)
				}
			}
			if cmd.HasSubCommands() && cmd.HasParent() {
				return
			}
			for _, want := range []string{"\nExit codes:\n  0   ", "\n  1   ", "\n  2   ", "\nExamples:\n  appypie "} {
				if !strings.Contains(help.out, want) {
					t.Errorf("it lacks %q:\n%s", want, help.out)
				}
			}
			if cmd.HasParent() && cmd.Name() != "simulator" && cmd.Name() != "version" && !strings.Contains(help.out, "\nEnvironment:\n  APPYPIE_") {
				t.Errorf("it tells of no variable:\n%s", help.out)
			}
		})
	}
}

// runOn runs a command that needs no service.
func (b *bench) runOn(m machine, args ...string) result {
	b.t.Helper()
	var out strings.Builder
	root := newRootCommandOn(m)
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(b.t.Context())
	return result{out: out.String(), err: err}
}

// An example that does not even parse teaches the wrong thing.
func TestExamplesOfTheHelpParse(t *testing.T) {
	t.Parallel()
	b := &bench{t: t}
	parsed := 0
	for _, cmd := range commands(newRootCommandOn(b.machine())) {
		for line := range strings.Lines(cmd.Example) {
			line, _, _ = strings.Cut(line, "#")
			line, _, _ = strings.Cut(line, " > ")
			args := words.FindAllString(line, -1)
			if len(args) < 2 || args[0] != "appypie" {
				continue
			}
			found, rest, err := newRootCommandOn(b.machine()).Find(args[1:])
			if err == nil {
				err = found.ParseFlags(rest)
			}
			if err == nil {
				err = found.ValidateArgs(found.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: %v", line, err)
			}
			parsed++
		}
	}
	if parsed < 15 {
		t.Errorf("the test found only %d examples", parsed)
	}
}

func TestShellsCompleteValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want []string
	}{
		"a command":          {args: []string{"st"}, want: []string{"status\t", ":4"}},
		"a subcommand":       {args: []string{"accounts", ""}, want: []string{"connect\t", ":4"}},
		"a shell":            {args: []string{"completion", "z"}, want: []string{"zsh\t"}},
		"a flag":             {args: []string{"doctor", "--po"}, want: []string{"--popular-match\t", ":4"}},
		"a choice":           {args: []string{"simulator", "--masking", ""}, want: []string{"mask\n", "omit\n", "echo\n", ":4"}},
		"an operation":       {args: []string{"simulator", "--paths", ""}, want: []string{"turn_on_connect=\n", ":6"}},
		"a file":             {args: []string{"login", "--client-secret-file", ""}, want: []string{":0"}},
		"a name is no file":  {args: []string{"status", "--profile", ""}, want: []string{":4"}},
		"an app is no file":  {args: []string{"accounts", "connect", ""}, want: []string{":4"}},
		"help of a command":  {args: []string{"help", "acc"}, want: []string{"accounts\t", ":4"}},
		"nothing is no file": {args: []string{"status", ""}, want: []string{":4"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &bench{t: t}
			r := b.runOn(b.machine(), append([]string{"__complete"}, test.args...)...)
			for _, want := range test.want {
				if r.err != nil || !strings.Contains(r.out, want) {
					t.Errorf("error %v, no %q in:\n%s", r.err, want, r.out)
				}
			}
		})
	}
}

// A value that could be a file is one; shells offer nothing for the others.
func TestOnlyFilesAreCompletedAsFiles(t *testing.T) {
	t.Parallel()
	b := &bench{t: t}
	flag := regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+) (\S+)`)
	for _, cmd := range commands(newRootCommandOn(b.machine())) {
		_, path, _ := strings.Cut(cmd.CommandPath(), " ")
		for _, found := range flag.FindAllStringSubmatch(cmd.LocalFlags().FlagUsages(), -1) {
			r := b.runOn(b.machine(), append([]string{"__complete"}, append(strings.Fields(path), "--"+found[1], "")...)...)
			if files := strings.Contains(r.out, "\n:0") || strings.HasPrefix(r.out, ":0"); files != (found[2] == "FILE") {
				t.Errorf("%s --%s %s: files are offered: %t", cmd.CommandPath(), found[1], found[2], files)
			}
		}
	}
}

func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string]string{"bash": "__start_appypie", "zsh": "#compdef appypie", "fish": "complete -c appypie", "powershell": "Register-ArgumentCompleter"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			text, err := exec.CommandContext(t.Context(), self, childCommand, "--", "completion", shell).Output()
			if err != nil || !strings.Contains(string(text), want) {
				t.Fatalf("error %v, no %q in the script", err, want)
			}
			program, err := exec.LookPath(shell)
			if err != nil || shell == "powershell" || runtime.GOOS == "windows" {
				t.Skipf("the script is not tried: there is no %s for it on this system", shell)
			}
			read := exec.CommandContext(t.Context(), program, "-n")
			read.Stdin = bytes.NewReader(text)
			if output, err := read.CombinedOutput(); err != nil {
				t.Errorf("%s cannot read it: %v\n%s", shell, err, output)
			}
		})
	}
}
