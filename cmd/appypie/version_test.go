package main

import (
	"runtime/debug"
	"testing"
)

// A release is linked with its number, `go install` knows that of the module.
func TestVersionIsThatOfTheReleaseOrTheModule(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		linked string
		module *debug.BuildInfo
		want   string
	}{
		"release":     {"1.2.3", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.4"}}, "1.2.3"},
		"go install":  {"dev", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "1.2.3"},
		"go build":    {"dev", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "dev"},
		"no version":  {"dev", &debug.BuildInfo{}, "dev"},
		"no module":   {"dev", nil, "dev"},
		"older build": {"1.2.3", nil, "1.2.3"},
	} {
		if got := released(one.linked, one.module); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
}
