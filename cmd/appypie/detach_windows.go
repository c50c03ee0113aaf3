package main

import (
	"os"
	"syscall"
)

// detachedProcess is DETACHED_PROCESS of the Windows API: no console.
const detachedProcess = 0x00000008

// apart keeps a process from what the console of its parent does to it.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | syscall.CREATE_NEW_PROCESS_GROUP}
}

// end ends a process at once. Windows cannot ask one without a console, and the
// simulator saves its state before each answer.
func end(process *os.Process) error {
	return process.Kill() //nolint:wrapcheck // the caller names the process.
}
