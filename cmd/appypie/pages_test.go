package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// shellBlock is a block of commands of a page.
var shellBlock = regexp.MustCompile("(?s)```shell\n(.*?)```")

// commandsOf are the lines of a guide's shell blocks that begin with a program.
func commandsOf(t *testing.T, name, program string) [][]string {
	t.Helper()
	page, err := os.ReadFile("../../templates/guides/" + name + ".md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for _, block := range shellBlock.FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, " #")
			line, _, _ = strings.Cut(line, " >")
			args := words.FindAllString(line, -1)
			if len(args) > 1 && args[0] == program {
				for i := range args {
					args[i] = strings.Trim(args[i], `"'`)
				}
				all = append(all, args[1:])
			}
		}
	}
	return all
}

// Every command of the guide works as it stands there.
func TestGuideFindOptionKeys(t *testing.T) {
	t.Parallel()
	b := knowing(t)
	commands := commandsOf(t, "find-option-keys", "appypie")
	if len(commands) < 6 {
		t.Errorf("only %d commands were found", len(commands))
	}
	for _, args := range commands {
		if r := b.must(args...); r.out == "" {
			t.Errorf("%v prints nothing", args)
		}
	}
}
