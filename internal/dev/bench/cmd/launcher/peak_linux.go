package main

import (
	"os"
	"syscall"
)

// peakBytes is the largest resident set. Linux counts it in kilobytes.
func peakBytes(state *os.ProcessState) int64 {
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		return usage.Maxrss << 10
	}
	return 0
}
