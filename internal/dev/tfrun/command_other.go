//go:build !unix

package tfrun

import "os/exec"

func detach(*exec.Cmd) {}

func interrupt(cmd *exec.Cmd) error {
	return cmd.Process.Kill()
}

// KillGroup does nothing where there are no process groups.
func KillGroup(*exec.Cmd) {}
