package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// maxStderr bounds what is kept of a command's complaints, in bytes. It is more
	// than wire.Excerpt looks at, which leaves out a word that its end cuts.
	maxStderr = 72 << 10
	// killGrace is how long a command's children may keep its output open after
	// it was ended.
	killGrace = 2 * time.Second
)

// program is a command of the configuration. It is not run by a shell.
type program struct {
	argv    []string
	env     []string
	stdin   []byte
	timeout time.Duration
	limit   int
	secrets []string
}

// programError is a command that failed. Its text shows the program's name, how
// it ended, and its complaints with secrets masked; never its output.
type programError struct {
	text string
	code int
}

func (e *programError) Error() string { return e.text }

// run returns what the program printed.
func (p program) run(parent context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(parent, p.timeout)
	defer cancel()
	stdout, stderr := &boundedBuffer{limit: p.limit}, &boundedBuffer{limit: maxStderr}
	cmd := exec.CommandContext(ctx, p.argv[0], p.argv[1:]...) //nolint:gosec // Running the configured program is the purpose.
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdin = bytes.NewReader(p.stdin)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = killGrace
	err := cmd.Run()
	switch {
	case parent.Err() != nil:
		return nil, parent.Err()
	case ctx.Err() != nil:
		return nil, p.failure(fmt.Sprintf("did not finish within %s", p.timeout), -1, stderr)
	case err != nil:
		return nil, p.failure(p.reason(err), exitCode(err), stderr)
	case stdout.exceeded:
		return nil, p.failure(fmt.Sprintf("printed more than %d bytes", p.limit), 0, stderr)
	}
	return stdout.Bytes(), nil
}

func (p program) failure(what string, code int, stderr *boundedBuffer) error {
	text := fmt.Sprintf("%s %s", p.argv[0], what)
	if said := wire.Excerpt(stderr.String(), p.secrets...); said != "" {
		text += ": " + said
	}
	return &programError{text: text, code: code}
}

// reason keeps arguments out of the message: they may hold secrets.
func (p program) reason(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "ended with " + exit.String()
	}
	if start, ok := errors.AsType[*exec.Error](err); ok {
		return "cannot be run: " + start.Err.Error()
	}
	if start, ok := errors.AsType[*os.PathError](err); ok {
		return "cannot be run: " + start.Err.Error()
	}
	return "failed: " + wire.Excerpt(err.Error(), p.secrets...)
}

func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return -1
}

// boundedBuffer keeps the first bytes and swallows the rest, so that a command
// that prints without end neither blocks nor fills the memory.
type boundedBuffer struct {
	bytes.Buffer

	limit    int
	exceeded bool
}

func (b *boundedBuffer) Write(data []byte) (int, error) {
	room := b.limit - b.Len()
	if len(data) > room {
		b.exceeded = true
		_, _ = b.Buffer.Write(data[:room])
		return len(data), nil
	}
	return b.Buffer.Write(data)
}
