package main

import (
	"runtime/debug"
	"testing"
)

// TestNeedlessLogs: the framework is silent until somebody asks for a log.
func TestNeedlessLogs(t *testing.T) {
	t.Parallel()
	for setting, silent := range map[string]bool{
		"PATH=/bin": true, "TF_LOG=TRACE": false, "TF_LOG_PROVIDER=DEBUG": false, "TF_LOG_SDK_FRAMEWORK=INFO": false,
	} {
		if got := len(needlessLogs([]string{"HOME=/", setting})) > 0; got != silent {
			t.Errorf("%s: silent is %t", setting, got)
		}
	}
}

// TestTuneCollector: what the environment asks of the collector counts.
func TestTuneCollector(t *testing.T) { //nolint:paralleltest // the collector is the process's.
	percent, limit := debug.SetGCPercent(77), debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(limit)
	defer debug.SetGCPercent(percent)
	tuneCollector(func(string) string { return "set" })
	if got := debug.SetGCPercent(77); got != 77 || debug.SetMemoryLimit(-1) != limit {
		t.Errorf("the environment's %d percent became %d", 77, got)
	}
	tuneCollector(func(string) string { return "" })
	if got := debug.SetGCPercent(77); got != gcPercent || debug.SetMemoryLimit(-1) != memoryLimit {
		t.Errorf("%d percent", got)
	}
}
