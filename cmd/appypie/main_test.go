package main

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		drop string
		code int
		want string
	}{
		"an unknown command":        {args: []string{"logn"}, code: exitUsage, want: "logn"},
		"an unknown flag":           {args: []string{"status", "--jsn"}, code: exitUsage, want: "appypie status --help"},
		"an argument too many":      {args: []string{"logout", "work"}, code: exitUsage, want: "work"},
		"an argument to a parent":   {args: []string{"accounts", "conect"}, code: exitUsage, want: "conect"},
		"no client id":              {args: []string{"login"}, drop: "APPYPIE_CLIENT_ID", code: exitUsage, want: "--client-id"},
		"no client secret":          {args: []string{"login"}, drop: "APPYPIE_CLIENT_SECRET", code: exitUsage, want: "--client-secret-file"},
		"a port that is none":       {args: []string{"login", "--port", "70000"}, code: exitUsage, want: "--port"},
		"no time":                   {args: []string{"login", "--timeout", "-1s"}, code: exitUsage, want: "--timeout"},
		"an insecure token url":     {args: []string{"login", "--token-url", "http://example.com/t"}, code: exitUsage, want: "https"},
		"an insecure page":          {args: []string{"login", "--authorize-url", "http://example.com/a"}, code: exitUsage, want: "https"},
		"a way back elsewhere":      {args: []string{"login", "--redirect-url", "https://example.com/b"}, code: exitUsage, want: "--no-browser"},
		"a way back with a query":   {args: []string{"login", "--redirect-url", "http://127.0.0.1:1/b?x=y"}, code: exitUsage, want: "--redirect-url"},
		"two ports":                 {args: []string{"login", "--redirect-url", "http://127.0.0.1:1/b", "--port", "2"}, code: exitUsage, want: "--port"},
		"a shell that is none":      {args: []string{"completion", "bsh"}, code: exitUsage, want: "did you mean \"bash\""},
		"a typing error":            {args: []string{"stats"}, code: exitUsage, want: "did you mean \"status\""},
		"an operation that is none": {args: []string{"doctor", "explain", "list_connect"}, code: exitUsage, want: "did you mean \"list_connects\""},
		"help of no command":        {args: []string{"help", "nonsense"}, code: exitUsage, want: "nonsense"},
		"help of a typing error":    {args: []string{"help", "accounts", "conect"}, code: exitUsage, want: "did you mean \"connect\""},
		"a quirk that is none":      {args: []string{"simulator", "--quirk", "no-totl"}, code: exitUsage, want: "did you mean \"no-total\""},
		"a path of no operation":    {args: []string{"simulator", "--paths", "turn_on_conect=PUT /x"}, code: exitUsage, want: "did you mean \"turn_on_connect\""},
		"a number out of range":     {args: []string{"simulator", "--page-limit", "-4"}, code: exitUsage, want: "page limit"},
		"an open address":           {args: []string{"simulator", "--addr", "0.0.0.0:1"}, code: exitUsage, want: "loopback"},
		"a state without a folder":  {args: []string{"simulator", "--addr", "127.0.0.1:0", "--state", "/nonexistent/x.json"}, code: exitFailure, want: "folder /nonexistent does not exist"},
		"a choice that is none":     {args: []string{"simulator", "--masking", "hide"}, code: exitUsage, want: "mask, omit, echo"},
		"a path without operation":  {args: []string{"simulator", "--paths", "GET /x"}, code: exitUsage, want: "--paths"},
		"a file that is not there":  {args: []string{"login", "--client-secret-file", "/nonexistent"}, code: exitFailure, want: "client secret"},
		"a profile that is no name": {args: []string{"login", "--profile", "a b"}, code: exitFailure, want: "profile"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			delete(b.vars, test.drop)
			b.browse = func(string) { t.Error("a browser was opened") }
			b.fails(b.run(test.args...), test.code, test.want)
		})
	}
	if code := exitCode(errors.New("failed")); code != exitFailure {
		t.Errorf("exit code %d", code)
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.must()
	for _, cmd := range newRootCommandOn(b.machine()).Commands() {
		if !strings.Contains(r.out, "\n  "+cmd.Name()+" ") {
			t.Errorf("the help lacks %s:\n%s", cmd.Name(), r.out)
		}
	}
	if r := b.must("dialect"); !strings.Contains(r.out, "Usage:") {
		t.Errorf("a command that only holds others shows no help:\n%s", r.out)
	}
}

// A variable that the provider calls differently would be set in vain.
func TestVariablesAreThoseOfTheProvider(t *testing.T) {
	t.Parallel()
	var asked []string
	m := machine{getenv: func(name string) string {
		if strings.HasPrefix(name, variablePrefix) {
			asked = append(asked, name)
		}
		return ""
	}}
	if _, err := readSettings(newTokenCommand(m), m, ""); err != nil {
		t.Fatal(err)
	}
	schema, err := os.ReadFile("../../internal/provider/schema.go")
	if err != nil {
		t.Fatal(err)
	}
	known := regexp.MustCompile(`APPYPIE_[A-Z_]+`).FindAllString(string(schema), -1)
	for _, name := range asked {
		if !slices.Contains(known, name) {
			t.Errorf("the provider has no %s", name)
		}
	}
	var explained []string
	for _, group := range [][]variable{sourceVariables(), loginVariables(), apiVariables(), networkVariables()} {
		for _, each := range group {
			explained = append(explained, each.name)
		}
	}
	for _, name := range asked {
		if !slices.Contains(explained, name) {
			t.Errorf("no help explains %s", name)
		}
	}
	for _, name := range explained {
		if strings.HasPrefix(name, variablePrefix) && !slices.Contains(asked, name) {
			t.Errorf("a help explains %s, which nothing reads", name)
		}
	}
	// What only shapes Terraform's own work has no meaning here.
	terraformOnly := []string{"APPYPIE_OPTION_VALIDATION", "APPYPIE_MAX_RETRIES", "APPYPIE_REQUEST_TIMEOUT", "APPYPIE_MAX_REQUESTS_PER_SECOND"}
	for _, name := range known {
		if !slices.Contains(asked, name) && !slices.Contains(terraformOnly, name) {
			t.Errorf("%s is not read", name)
		}
	}
}
