package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

const (
	// runFileFlag is how a simulator in the background learns where to say that it runs.
	runFileFlag = "run-file"
	// stopWithin is how long a simulator may take to end; it waits for running
	// requests itself.
	stopWithin = 2 * closeWithin
	// stopInterval is how often the lock of an ending simulator is tried.
	stopInterval = 10 * time.Millisecond
)

// background is a simulator that outlives the command which started it. Its run
// file says how to reach it. It holds the lock as long as it lives, so that a run
// file that was left behind is not taken for a simulator, and no other process for it.
type background struct{ runFile string }

// backgroundRun is the content of a run file.
type backgroundRun struct {
	PID int `json:"pid"`
	ready
}

// backgroundOf is the simulator of a state file, or the one without any.
func backgroundOf(stateFile string) (background, error) {
	if stateFile != "" {
		path, err := filepath.Abs(stateFile)
		if err != nil {
			return background{}, fmt.Errorf("find the folder of the state: %w", err)
		}
		return background{path + ".run"}, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return background{}, fmt.Errorf("there is no folder for the files of the simulator; choose a --state: %w", err)
	}
	dir := filepath.Join(cache, "appypie")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return background{}, fmt.Errorf("make the folder for the files of the simulator, or choose a --state: %w", err)
	}
	return background{filepath.Join(dir, "simulator.run")}, nil
}

func (b background) lock() *flock.Flock { return flock.New(b.runFile + ".lock") }

func (b background) logFile() string { return b.runFile + ".log" }

// enter takes the lock for the rest of the process.
func (b background) enter() (leave func() error, err error) {
	lock := b.lock()
	switch free, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
	case !free:
		return nil, errors.New("a simulator with this state is already running; stop it first, or choose another --state")
	}
	return lock.Unlock, nil
}

// find reads what runs, and reports whether anything does.
func (b background) find() (run backgroundRun, runs bool, err error) {
	leave, err := b.enter()
	if err == nil {
		return run, false, leave()
	}
	text, err := os.ReadFile(b.runFile)
	if errors.Is(err, fs.ErrNotExist) {
		return run, false, errors.New("a simulator of this state is about to start; run this again in a moment")
	}
	if err == nil {
		err = json.Unmarshal(text, &run)
	}
	if err != nil {
		return run, false, fmt.Errorf("read %s: %w", b.runFile, err)
	}
	return run, true, nil
}

// announce is what the simulator in the background does in place of printing.
func (b background) announce(info ready) error {
	encoded, err := json.MarshalIndent(backgroundRun{os.Getpid(), info}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the run file: %w", err)
	}
	if err := simulator.WriteFileAtomically(b.runFile, append(encoded, '\n')); err != nil {
		return fmt.Errorf("write the run file: %w", err)
	}
	// The end of the output is what the starting command waits for.
	if err := os.Stdout.Close(); err != nil {
		return fmt.Errorf("close the output: %w", err)
	}
	return nil
}

// detach starts a simulator that goes on after this command, and returns when it
// can be used. Where one runs already, that is the one.
func detach(cmd *cobra.Command, stateFile string, flags simulatorFlags) error {
	if err := checkStateFile(stateFile); err != nil {
		return err
	}
	b, err := backgroundOf(stateFile)
	if err != nil {
		return err
	}
	run, runs, err := b.find()
	if err != nil {
		return err
	}
	said := "The simulator runs in the background"
	if runs {
		said = "A simulator is already running, with the flags it was started with,"
	} else if run, err = b.start(cmd); err != nil {
		return err
	}
	stop := "appypie simulator --stop"
	if stateFile != "" {
		stop += fmt.Sprintf(" --state %q", stateFile)
	}
	text := providerBlock(run.ready, "`"+stop+"` stops it")
	if flags.env {
		text = exports(run.ready)
	}
	if _, err := io.WriteString(cmd.OutOrStdout(), text); err != nil {
		return fmt.Errorf("print the address: %w", err)
	}
	if _, err := fmt.Fprintf(cmd.ErrOrStderr(), "%s on %s\nStop it with: %s\n", said, run.URL, stop); err != nil {
		return fmt.Errorf("print the address: %w", err)
	}
	return nil
}

// start runs this program again, as the simulator, and waits until it listens.
func (b background) start(cmd *cobra.Command) (run backgroundRun, err error) {
	self, err := os.Executable()
	if err != nil {
		return run, fmt.Errorf("find this program: %w", err)
	}
	log, err := os.OpenFile(b.logFile(), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return run, fmt.Errorf("open the log of the simulator: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	// The end of this command does not end the simulator; that is its purpose.
	child := exec.CommandContext(context.WithoutCancel(cmd.Context()), self, b.arguments(cmd.Flags())...) //nolint:gosec // this program, with its own flags.
	child.Stderr = log
	child.SysProcAttr = apart()
	out, err := child.StdoutPipe()
	if err != nil {
		return run, fmt.Errorf("start the simulator: %w", err)
	}
	if err := child.Start(); err != nil {
		return run, fmt.Errorf("start the simulator: %w", err)
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		return run, fmt.Errorf("wait for the simulator: %w", err)
	}
	if text, err := os.ReadFile(b.runFile); err == nil && json.Unmarshal(text, &run) == nil && run.PID == child.Process.Pid {
		return run, child.Process.Release()
	}
	return run, b.failed(child.Wait())
}

// arguments are the flags of this command for the simulator in the background.
func (b background) arguments(flags *pflag.FlagSet) []string {
	args := []string{"simulator", "--" + runFileFlag + "=" + b.runFile}
	flags.Visit(func(flag *pflag.Flag) {
		values := []string{flag.Value.String()}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			if flag.Name != "detach" && flag.Name != "env" {
				args = append(args, "--"+flag.Name+"="+value)
			}
		}
	})
	return args
}

// failed is why a simulator ended before it listened.
func (b background) failed(err error) error {
	text, readErr := os.ReadFile(b.logFile())
	if readErr != nil {
		return fmt.Errorf("the simulator did not start: %w", errors.Join(err, readErr))
	}
	// The message is followed by its code, which this command prints itself.
	reason, _, _ := strings.Cut(strings.TrimPrefix(string(text), "Error: "), "\nAP1")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == exitUsage {
		facts, next, _ := strings.Cut(reason, "\n")
		return usageNext(next, "%s", facts)
	}
	return fmt.Errorf("the simulator did not start: %s", reason)
}

// stopBackground ends the simulator in the background and waits until it has ended.
func stopBackground(ctx context.Context, out io.Writer, stateFile string) error {
	b, err := backgroundOf(stateFile)
	if err != nil {
		return err
	}
	run, runs, err := b.find()
	if err != nil {
		return err
	}
	if !runs {
		return errors.New("no simulator with this state runs in the background; give the --state that it was started with")
	}
	process, err := os.FindProcess(run.PID)
	if err == nil {
		err = end(process)
	}
	if err != nil {
		return fmt.Errorf("end the simulator, process %d: %w", run.PID, err)
	}
	waiting, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	lock := b.lock()
	if _, err := lock.TryLockContext(waiting, stopInterval); err != nil {
		return fmt.Errorf("the simulator, process %d, does not stop: %w", run.PID, err)
	}
	// The lock file stays: another process may be opening it.
	if err := errors.Join(os.Remove(b.runFile), os.Remove(b.logFile()), lock.Unlock()); err != nil {
		return fmt.Errorf("remove the files of the simulator: %w", err)
	}
	if _, err := fmt.Fprintf(out, "The simulator on %s has stopped.\n", run.URL); err != nil {
		return fmt.Errorf("print the outcome: %w", err)
	}
	return nil
}
