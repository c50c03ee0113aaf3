//go:build unix

package main

import (
	"os"
	"syscall"
)

// apart keeps a process from what the terminal of its parent does to it.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// end asks a process to end.
func end(process *os.Process) error {
	return process.Signal(syscall.SIGTERM) //nolint:wrapcheck // the caller names the process.
}
