//go:build !unix

package main

import "os/exec"

func detach(*exec.Cmd) {}

func interrupt(cmd *exec.Cmd) error {
	return cmd.Process.Kill() //nolint:wrapcheck // os/exec wraps it.
}

func killGroup(*exec.Cmd) {}
