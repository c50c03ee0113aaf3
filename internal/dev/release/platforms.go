package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
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

// platforms are those that HashiCorp's providers are released for: Go has given
// up 32 bits on macOS and on Windows for ARM.
func platforms() []platform {
	var all []platform
	for system, architectures := range map[string]string{
		"darwin": "amd64 arm64", "freebsd": "386 amd64 arm arm64", "linux": "386 amd64 arm arm64", "windows": "386 amd64 arm64",
	} {
		for architecture := range strings.FieldsSeq(architectures) {
			all = append(all, platform{system, architecture})
		}
	}
	slices.SortFunc(all, func(a, b platform) int { return strings.Compare(a.String(), b.String()) })
	return all
}

const (
	projectName  = "terraform-provider-appypie"
	manifestFile = "terraform-registry-manifest.json"
	licenseFile  = "LICENSE"
)

// program is a command of this module that is released.
type program struct {
	pkg string
	// archive is the archive's name up to the version.
	archive string
	// binary is the program's name in the archive, without the ending of Windows.
	binary func(version string) string
}

func (p program) archiveName(version string, target platform) string {
	return fmt.Sprintf("%s_%s_%s.zip", p.archive, version, target)
}

// provider is named as the registries and Terraform want it, see
// https://developer.hashicorp.com/terraform/registry/providers/publishing.
func provider() program {
	return program{pkg: ".", archive: projectName, binary: func(version string) string { return projectName + "_v" + version }}
}

func companion() program {
	return program{pkg: "./cmd/appypie", archive: "appypie", binary: func(string) string { return "appypie" }}
}

func manifestName(version string) string { return projectName + "_" + version + "_manifest.json" }
func sumsName(version string) string     { return projectName + "_" + version + "_SHA256SUMS" }

// checkVersion refuses what would not be one part of a file name.
func checkVersion(version string) error {
	if version == "" || strings.ContainsAny(version, `/\_ `) || strings.HasPrefix(version, "v") {
		return fmt.Errorf("version %q: give a number without v, such as 1.2.3", version)
	}
	return nil
}
