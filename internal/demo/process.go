package main

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

// commandError is a program that did not end as expected. Its output is all that
// the program printed.
type commandError struct {
	command string
	reason  string
	output  string
}

// Error implements error.
func (e *commandError) Error() string { return e.command + " " + e.reason }

// command prepares a program that is asked to end when ctx ends. It leads a group
// of its own, so that Ctrl-C at the terminal reaches this program only: Terraform
// takes a second interrupt as "drop everything".
func command(ctx context.Context, dir string, environment []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // the caller chooses among the programs of the demonstration.
	cmd.Dir, cmd.Env = dir, environment
	cmd.WaitDelay = graceful
	detach(cmd)
	cmd.Cancel = func() error { return interrupt(cmd) }
	return cmd
}

// call runs a program and returns its output and exit code. An error is one that
// kept it from running, or the end of ctx.
func call(ctx context.Context, cmd *exec.Cmd) (output string, code int, err error) {
	var buffer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buffer, &buffer
	err = cmd.Run()
	killGroup(cmd)
	output = buffer.String()
	if ctx.Err() != nil {
		return output, -1, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return output, exit.ExitCode(), nil
	}
	if err != nil {
		return output, -1, &commandError{command: describe(cmd), reason: err.Error(), output: output}
	}
	return output, 0, nil
}

// mustCall runs a program that has to succeed.
func mustCall(ctx context.Context, cmd *exec.Cmd) (string, error) {
	output, code, err := call(ctx, cmd)
	if err == nil && code != 0 {
		err = &commandError{command: describe(cmd), reason: fmt.Sprintf("failed with exit code %d", code), output: output}
	}
	return output, err
}

func describe(cmd *exec.Cmd) string {
	return strings.Join(append([]string{filepath.Base(cmd.Path)}, cmd.Args[1:]...), " ")
}

// process is a program that runs in the background.
type process struct {
	cmd    *exec.Cmd
	done   chan struct{} // closed when the program has ended
	output lockedBuffer
	err    error // how it ended; read after done
}

func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", describe(cmd), err)
	}
	go func() {
		p.err = cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// stop asks the program to end and kills it when it does not.
func (p *process) stop() error {
	_ = interrupt(p.cmd)
	timer := time.NewTimer(graceful)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		_ = p.cmd.Process.Kill()
		<-p.done
		killGroup(p.cmd)
		return &commandError{command: describe(p.cmd), reason: "had to be killed because it did not end when asked to", output: p.output.String()}
	}
	killGroup(p.cmd)
	return nil
}

// lockedBuffer is read while a program still writes to it.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data) //nolint:wrapcheck // a buffer never fails.
}

// String returns what was written so far.
func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
