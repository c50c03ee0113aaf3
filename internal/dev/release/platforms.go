package main

import (
	"fmt"
	"runtime"

	"github.com/hashicorp/go-version"
)

// platform is what Go can build for, under Go's names, which the registries use
// too.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "_" + p.arch }

// executable is the file name of a program on the platform.
func (p platform) executable(name string) string {
	if p.os == "windows" {
		return name + ".exe"
	}
	return name
}

func hostPlatform() platform { return platform{runtime.GOOS, runtime.GOARCH} }

// checkVersion refuses what the registries do not take for a version.
func checkVersion(number string) error {
	parsed, err := version.NewSemver(number)
	if err != nil || parsed.String() != number {
		return fmt.Errorf("version %q: give a number without v, such as 1.2.3", number)
	}
	return nil
}
