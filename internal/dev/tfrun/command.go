// Package tfrun runs a real Terraform or OpenTofu with the provider built from
// this source, in a folder of its own and with nothing of the user's. The
// demonstration and the tests that need processes share it.
package tfrun

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// graceful is how long a program may take to end after it was asked to; then it
// is killed.
const graceful = 15 * time.Second

// Error is a program that did not end as expected.
type Error struct {
	Command, Reason string
	// Output is all that the program printed.
	Output string
}

// Error implements error.
func (e *Error) Error() string { return e.Command + " " + e.Reason }

// Command prepares a program that is asked to end when ctx ends. It leads a group
// of its own, so that Ctrl-C at the terminal reaches this program only: Terraform
// takes a second interrupt as "drop everything".
func Command(ctx context.Context, dir string, environment []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the caller chooses among the programs of the module.
	cmd.Dir, cmd.Env = dir, environment
	cmd.WaitDelay = graceful
	detach(cmd)
	cmd.Cancel = func() error { return interrupt(cmd) }
	return cmd
}

// Call runs a program and returns its output and exit code. An error is one that
// kept it from running, or the end of ctx.
func Call(ctx context.Context, cmd *exec.Cmd) (output string, code int, err error) {
	var buffer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buffer, &buffer
	err = cmd.Run()
	KillGroup(cmd)
	output = buffer.String()
	if ctx.Err() != nil {
		return output, -1, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return output, exit.ExitCode(), nil
	}
	if err != nil {
		return output, -1, &Error{Command: Describe(cmd), Reason: err.Error(), Output: output}
	}
	return output, 0, nil
}

// MustCall runs a program that has to succeed.
func MustCall(ctx context.Context, cmd *exec.Cmd) (string, error) {
	output, code, err := Call(ctx, cmd)
	if err == nil && code != 0 {
		err = &Error{Command: Describe(cmd), Reason: fmt.Sprintf("failed with exit code %d", code), Output: output}
	}
	return output, err
}

// Describe is a command line as a person would write it.
func Describe(cmd *exec.Cmd) string {
	return strings.Join(append([]string{filepath.Base(cmd.Path)}, cmd.Args[1:]...), " ")
}

// Process is a program that runs in the background.
type Process struct {
	Cmd *exec.Cmd
	// Done is closed when the program has ended.
	Done   chan struct{}
	output Buffer
	err    error // how it ended; read after done
}

// Start starts a program in the background.
func Start(cmd *exec.Cmd) (*Process, error) {
	p := &Process{Cmd: cmd, Done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", Describe(cmd), err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.Done)
	}()
	return p, nil
}

// Stop asks the program to end and kills it when it does not.
func (p *Process) Stop() error {
	_ = interrupt(p.Cmd)
	timer := time.NewTimer(graceful)
	defer timer.Stop()
	select {
	case <-p.Done:
	case <-timer.C:
		_ = p.Cmd.Process.Kill()
		<-p.Done
		KillGroup(p.Cmd)
		return &Error{Command: Describe(p.Cmd), Reason: "had to be killed because it did not end when asked to", Output: p.output.String()}
	}
	KillGroup(p.Cmd)
	return nil
}

// Output is what the program has printed so far.
func (p *Process) Output() string { return p.output.String() }

// Buffer may be written to and read by several at once.
type Buffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (b *Buffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data)
}

// String returns what was written so far.
func (b *Buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
