package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"golang.org/x/term"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// machine is what the commands take from the machine they run on. Tests replace
// parts of it.
type machine struct {
	// getenv reads an environment variable; empty means that it is not set.
	getenv func(name string) string
	// openBrowser shows a link to the person. It does not wait for the browser.
	openBrowser func(ctx context.Context, link string) error
	// askSecret asks for a value without showing what is typed. It returns
	// errNoTerminal when there is nobody to ask.
	askSecret func(ctx context.Context, in io.Reader, out io.Writer, prompt string) (string, error)
	// isTerminal reports whether a person sees what is written to out.
	isTerminal func(out io.Writer) bool
	// clock is what the end of a token is judged by; nil means the system's.
	clock wire.Clock
	// now is the time of the clock that tick sends.
	now func() time.Time
	// tick sends the time again and again until stop is called.
	tick func(every time.Duration) (ticks <-chan time.Time, stop func())
}

// errNoTerminal tells that nobody can be asked.
var errNoTerminal = errors.New("there is no terminal to ask at")

func thisMachine() machine {
	return machine{
		getenv: os.Getenv, openBrowser: openBrowser, askSecret: askSecret,
		isTerminal: isTerminal, now: time.Now,
		tick: func(every time.Duration) (<-chan time.Time, func()) {
			ticker := time.NewTicker(every)
			return ticker.C, ticker.Stop
		},
	}
}

// openBrowser starts the program that the system opens links with. The browser
// outlives this command, so that its end does not end it.
func openBrowser(ctx context.Context, link string) error {
	argv := []string{"xdg-open", link}
	switch runtime.GOOS {
	case "windows":
		argv = []string{"rundll32", "url.dll,FileProtocolHandler", link}
	case "darwin":
		argv = []string{"open", link}
	}
	//nolint:gosec // the program is one of the three above, and checkLink has seen the link.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("open the browser: %w", err)
	}
	// What the program says comes too late to act on, but it has to be reaped.
	go func() { _ = cmd.Wait() }()
	return nil
}

// askSecret reads a line from the terminal with the echo turned off.
func askSecret(ctx context.Context, in io.Reader, out io.Writer, prompt string) (string, error) {
	file, ok := in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return "", errNoTerminal
	}
	fd := int(file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("look at the terminal: %w", err)
	}
	if _, err := fmt.Fprint(out, prompt); err != nil {
		return "", fmt.Errorf("ask at the terminal: %w", err)
	}
	type result struct {
		text []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		read <- result{text, err}
	}()
	select {
	case <-ctx.Done():
		// The read cannot be ended, and it would leave the echo turned off.
		return "", errors.Join(context.Cause(ctx), term.Restore(fd, before))
	case got := <-read:
		_, _ = fmt.Fprintln(out)
		if got.err != nil {
			return "", fmt.Errorf("read from the terminal: %w", got.err)
		}
		return string(got.text), nil
	}
}
