package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// workspace is the folder that everything happens in.
type workspace struct {
	*tfrun.Workspace
}

func newWorkspace() (*workspace, error) {
	root, err := os.MkdirTemp("", "appypie-demo-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the demonstration: %w", err)
	}
	return &workspace{tfrun.NewWorkspace(root)}, nil
}

// remove deletes the folder; its error is errCleanup.
func (w *workspace) remove() error {
	if err := os.RemoveAll(w.Root); err != nil {
		return fmt.Errorf("%w: %w", errCleanup, err)
	}
	return nil
}

func (w *workspace) configuration() string { return w.Path("quickstart") }
func (w *workspace) companion() string     { return w.Path("bin", tfrun.Executable("appypie")) }

// build compiles both programs, lays out a mirror that Terraform can install the
// provider from, and copies the quickstart.
func (w *workspace) build(ctx context.Context) error {
	provider := w.Path("bin", tfrun.Executable("terraform-provider-appypie"))
	for target, pkg := range map[string]string{provider: ".", w.companion(): "./cmd/appypie"} {
		if err := tfrun.Build(ctx, target, pkg); err != nil {
			return err
		}
	}
	if err := w.InstallProvider(provider); err != nil {
		return err
	}
	source, err := tfrun.ModuleDir(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"rpc", "rest"} {
		if err := tfrun.CopyFile(filepath.Join(source, "examples", "dialects", name+".yaml"), w.dialect(name), 0o600); err != nil {
			return err
		}
	}
	return copyConfiguration(filepath.Join(source, "examples", "guides", "quickstart"), w.configuration())
}

// dialect is the file that describes a service to the provider.
func (w *workspace) dialect(name string) string { return w.Path("dialect-" + name + ".yaml") }

// environmentFile is a script that gives a shell what Terraform needs here.
func (w *workspace) environmentFile() string { return w.Path("environment.sh") }

// saveEnvironment writes the script, with the variables of Terraform and of the provider.
func (w *workspace) saveEnvironment(environment []string) error {
	var script strings.Builder
	for _, variable := range environment {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "APPYPIE_") || strings.HasPrefix(name, "TF_") {
			fmt.Fprintf(&script, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	if err := os.WriteFile(w.environmentFile(), []byte(script.String()), 0o600); err != nil {
		return fmt.Errorf("save the environment: %w", err)
	}
	return nil
}

// copyConfiguration copies the Terraform files of a directory.
func copyConfiguration(from, to string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.tf"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is no configuration in %s (%w)", from, err)
	}
	for _, file := range files {
		if err := tfrun.CopyFile(file, filepath.Join(to, filepath.Base(file)), 0o600); err != nil {
			return err
		}
	}
	return nil
}
