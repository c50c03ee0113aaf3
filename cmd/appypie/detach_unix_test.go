//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Ctrl-C at the terminal reaches the group of the shell's command, so a simulator
// in the background must not be in it.
func TestSimulatorInTheBackgroundLeadsAGroup(t *testing.T) {
	t.Parallel()
	d := detached{t, t.TempDir()}
	state := filepath.Join(t.TempDir(), "connects.json")
	t.Cleanup(func() { d.run("--stop", "--state", state) })
	if _, notices, code := d.run("--detach", "--addr", "127.0.0.1:0", "--state", state); code != 0 {
		t.Fatal(notices)
	}
	var run backgroundRun
	text, err := os.ReadFile(state + ".run")
	if err == nil {
		err = json.Unmarshal(text, &run)
	}
	if err != nil {
		t.Fatal(err)
	}
	if group, err := syscall.Getpgid(run.PID); err != nil || group != run.PID {
		t.Errorf("process %d is in the group %d: %v", run.PID, group, err)
	}
}
