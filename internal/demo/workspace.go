package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// providerVersion is the release that the mirror pretends to hold.
const providerVersion = "0.1.0"

// providerHosts are the default registries of Terraform and OpenTofu: the mirror
// serves either.
func providerHosts() []string {
	return []string{"registry.terraform.io", "registry.opentofu.org"}
}

// providerSource is the provider's address below a host.
const providerSource = "appypie-community/appypie"

// workspace is the folder that everything happens in.
type workspace struct {
	root string
}

func newWorkspace() (*workspace, error) {
	root, err := os.MkdirTemp("", "appypie-demo-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	// A temporary folder behind a link would make Terraform and the token store
	// see two names of one place.
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	return &workspace{root: root}, nil
}

// remove deletes the folder; its error is errCleanup.
func (w *workspace) remove() error {
	if err := os.RemoveAll(w.root); err != nil {
		return fmt.Errorf("%w: %w", errCleanup, err)
	}
	return nil
}

func (w *workspace) path(parts ...string) string {
	return filepath.Join(append([]string{w.root}, parts...)...)
}

func (w *workspace) cliConfig() string     { return w.path("terraform.rc") }
func (w *workspace) configuration() string { return w.path("quickstart") }
func (w *workspace) companion() string     { return w.path("bin", executable("appypie")) }

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// build compiles both programs, lays out a mirror that Terraform can install the
// provider from, and copies the quickstart.
func (w *workspace) build(ctx context.Context) error {
	source, err := moduleDir(ctx)
	if err != nil {
		return err
	}
	// The binary is copied into the mirror once a host, not linked: Terraform
	// follows no link out of a mirror.
	provider := w.path("bin", executable("terraform-provider-appypie_v"+providerVersion))
	for _, target := range [][2]string{{provider, "."}, {w.companion(), "./cmd/appypie"}} {
		cmd := command(ctx, source, os.Environ(), "go", "build", "-o", target[0], target[1])
		if _, err := mustCall(ctx, cmd); err != nil {
			return err
		}
	}
	for _, host := range providerHosts() {
		place := w.path(append([]string{"mirror", host}, mirrorPath()...)...)
		if err := copyFile(provider, filepath.Join(place, filepath.Base(provider)), 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(w.cliConfig(), []byte(mirrorConfig(w.path("mirror"))), 0o600); err != nil {
		return fmt.Errorf("write the CLI configuration: %w", err)
	}
	return copyConfiguration(filepath.Join(source, "examples", "guides", "quickstart"), w.configuration())
}

// moduleDir finds the source, whatever the current directory within it is.
func moduleDir(ctx context.Context) (string, error) {
	output, err := mustCall(ctx, command(ctx, "", os.Environ(), "go", "list", "-m", "-f", "{{.Dir}}"))
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(output), nil
}

// mirrorPath is the layout of an unpacked filesystem mirror below a host:
// NAMESPACE/TYPE/VERSION/OS_ARCH.
func mirrorPath() []string {
	return append(strings.Split(providerSource, "/"), providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
}

// mirrorConfig lets Terraform install from the mirror and nothing else, so that
// the demonstration needs no network.
func mirrorConfig(mirror string) string {
	return fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\ndisable_checkpoint = true\n", filepath.ToSlash(mirror))
}

// copyConfiguration copies the Terraform files of a directory.
func copyConfiguration(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.tf"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is no configuration in %s (%w)", from, err)
	}
	for _, file := range files {
		if err := copyFile(file, filepath.Join(to, filepath.Base(file)), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func copyFile(from, to string, mode os.FileMode) error {
	content, err := os.ReadFile(from) //nolint:gosec // a file of the source or of the folder.
	if err != nil {
		return fmt.Errorf("copy a file: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("copy a file: %w", err)
	}
	if err := os.WriteFile(to, content, mode); err != nil { //nolint:gosec // a place in the folder.
		return fmt.Errorf("copy a file: %w", err)
	}
	return nil
}
