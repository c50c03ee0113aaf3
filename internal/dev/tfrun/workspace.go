package tfrun

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

// Workspace is the folder that everything happens in.
type Workspace struct {
	// Root is the folder, without links in its path.
	Root string
}

// NewWorkspace takes over a folder that exists.
func NewWorkspace(root string) *Workspace {
	// A temporary folder behind a link would make Terraform and the token store
	// see two names of one place.
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	return &Workspace{Root: root}
}

// Path joins names below the folder.
func (w *Workspace) Path(parts ...string) string {
	return filepath.Join(append([]string{w.Root}, parts...)...)
}

// CLIConfig is the CLI configuration that lets Terraform install from the
// folder's mirror only.
func (w *Workspace) CLIConfig() string { return w.Path("terraform.rc") }

// Executable is the file name of a program on this system.
func Executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// Build compiles a package of this module, such as "." for the provider, with
// flags of go build.
func Build(ctx context.Context, target, pkg string, flags ...string) error {
	source, err := ModuleDir(ctx)
	if err != nil {
		return err
	}
	args := append(append([]string{"build"}, flags...), "-o", target, pkg)
	_, err = MustCall(ctx, Command(ctx, source, os.Environ(), "go", args...))
	return err
}

// InstallProvider lays a built provider out as a mirror that Terraform can
// install it from, with other programs that it needs beside itself.
func (w *Workspace) InstallProvider(binary string, beside ...string) error {
	// The binary is copied into the mirror once a host, not linked: Terraform
	// follows no link out of a mirror. The hosts are the default registries of
	// Terraform and OpenTofu: the mirror serves either.
	name := Executable("terraform-provider-appypie_v" + providerVersion)
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		// The layout below a host is NAMESPACE/TYPE/VERSION/OS_ARCH.
		place := w.Path("mirror", host, "appypie-community", "appypie", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		if err := CopyFile(binary, filepath.Join(place, name), 0o700); err != nil {
			return err
		}
		for _, program := range beside {
			if err := CopyFile(program, filepath.Join(place, filepath.Base(program)), 0o700); err != nil {
				return err
			}
		}
	}
	// Terraform installs from the mirror and nothing else, so no run needs the
	// network.
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\ndisable_checkpoint = true\n", filepath.ToSlash(w.Path("mirror")))
	if err := os.WriteFile(w.CLIConfig(), []byte(config), 0o600); err != nil {
		return fmt.Errorf("write the CLI configuration: %w", err)
	}
	return nil
}

// ModuleDir finds the source, whatever the current directory within it is.
func ModuleDir(ctx context.Context) (string, error) {
	output, err := MustCall(ctx, Command(ctx, "", os.Environ(), "go", "list", "-m", "-f", "{{.Dir}}"))
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(output), nil
}

// Environment is what programs in the folder get to see: what a program needs to
// run at all. Everything of Terraform and of this provider stays out, and so does
// the home directory with its configuration and its token store.
func (w *Workspace) Environment() []string {
	var clean []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		switch strings.ToUpper(name) {
		case "PATH", "TMPDIR", "TEMP", "TMP", "LANG", "SYSTEMROOT", "COMSPEC", "PATHEXT":
			clean = append(clean, entry)
		}
	}
	home := w.Path("home")
	return append(clean,
		"HOME="+home, "USERPROFILE="+home, "APPDATA="+home, "XDG_CONFIG_HOME="+w.Path("home", "config"),
		"TF_CLI_CONFIG_FILE="+w.CLIConfig(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
	)
}

// CopyFile copies a file and makes the folders above it.
func CopyFile(from, to string, mode os.FileMode) error {
	content, err := os.ReadFile(from) //nolint:gosec // a file of the source or of the folder.
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o700)
	}
	if err == nil {
		err = os.WriteFile(to, content, mode) //nolint:gosec // a place in the folder.
	}
	if err != nil {
		return fmt.Errorf("copy a file: %w", err)
	}
	return nil
}
