package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestColors(t *testing.T) {
	t.Parallel()
	var shown bytes.Buffer
	p := &printer{out: &shown, color: true}
	p.heading("Plan")
	p.command("terraform destroy -input=false -auto-approve")
	p.excerpt("  # a.b will be created\n  # a.c will be destroyed\n  # a.d must be replaced\n  ~ status = 1\nNo changes. Fine.")
	p.line("%s %s", p.status("ON"), p.status("OFF"))
	want := "\n\x1b[1m1. Plan\x1b[0m\n" +
		"   \x1b[2m$ \x1b[0mterraform destroy\n" +
		"   \x1b[32m+\x1b[0m a.b will be created\n" +
		"   \x1b[31m-\x1b[0m a.c will be destroyed\n" +
		"   \x1b[31m-/+\x1b[0m a.d must be replaced\n" +
		"     \x1b[33m~\x1b[0m status = 1\n" +
		"   \x1b[1mNo changes. Fine.\x1b[0m\n" +
		"   \x1b[32mON\x1b[0m \x1b[33mOFF\x1b[0m\n"
	if shown.String() != want {
		t.Errorf("shown\n%q\nwant\n%q", shown.String(), want)
	}
}

func TestNoColors(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string]bool{"": true, "TERM=dumb": false, "NO_COLOR=1": false, "TERM=xterm": true} {
		name, value, _ := strings.Cut(environment, "=")
		got := wantsColor(func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		if got != want {
			t.Errorf("%s: %t", environment, got)
		}
	}
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	if newPrinter(file).color || newPrinter(&bytes.Buffer{}).color {
		t.Error("colors in a file")
	}
}

// TestPauseWaitsForEnter lets a step begin only after Enter.
func TestPauseWaitsForEnter(t *testing.T) {
	t.Parallel()
	server, err := simulator.Start(t.Context(), simulator.Config{}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close(context.WithoutCancel(t.Context())) })
	var shown bytes.Buffer
	in, enter := io.Pipe()
	d := &demonstration{
		out: newPrinter(&shown), pause: newPause(in), service: server,
	}
	begun := make(chan string)
	named := func(name string) step {
		return step{name, func(context.Context) error { begun <- name; return nil }}
	}
	ended := make(chan error, 1)
	go func() { ended <- d.play(t.Context(), []step{named("one"), named("two"), named("three")}) }()
	for _, name := range []string{"one", "two"} {
		select {
		case early := <-begun:
			t.Fatalf("step %s did not wait", early)
		default:
		}
		if _, err := enter.Write([]byte("\n")); err != nil {
			t.Fatal(err)
		}
		if got := <-begun; got != name {
			t.Errorf("step %s instead of %s", got, name)
		}
	}
	// Who closes the input wants to wait no more.
	if err := enter.Close(); err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := <-ended; err != nil || strings.Count(shown.String(), "The page: "+server.URL) != 3 || len(d.shown) != 3 {
		t.Errorf("%v, %+v\n%s", err, d.shown, shown.String())
	}

	over, cancel := context.WithCancel(t.Context())
	cancel()
	never, _ := io.Pipe()
	if err := newPause(never).wait(over); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// keeper tries what the demonstration leaves to the user, and then ends it.
type keeper struct {
	bytes.Buffer
	try func(printed string)
}

// Write implements io.Writer.
func (k *keeper) Write(text []byte) (int, error) {
	n, err := k.Buffer.Write(text)
	if bytes.Contains(text, []byte("a configuration of your own")) {
		k.try(k.String())
	}
	return n, err
}

func TestDemoKeeps(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("it runs Terraform: set TF_ACC=1")
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &keeper{try: func(printed string) {
		defer cancel()
		shell := regexp.MustCompile(`(?m)^ +cd (.+)\n +(\. .+)\n +terraform plan$`).FindStringSubmatch(printed)
		if shell == nil {
			t.Errorf("it does not say how to plan:\n%s", printed)
			return
		}
		script := shell[2] + "\n" + cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform") + " plan -no-color"
		cmd := tfrun.Command(t.Context(), shell[1], []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, "sh", "-c", script)
		if output, err := tfrun.MustCall(t.Context(), cmd); err != nil || !strings.Contains(output, "No changes.") {
			t.Errorf("the plan of the user: %v\n%s", err, output)
		}
	}}
	if err := demonstrate(ctx, newPrinter(out), options{keep: true}); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if printed := out.String(); !strings.Contains(printed, "Done: 3 connects made") || strings.Contains(printed, "Destroy complete") {
		t.Errorf("it printed\n%s", printed)
	}
}
