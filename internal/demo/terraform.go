package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/hashicorp/go-version"
	install "github.com/hashicorp/hc-install"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
	"github.com/hashicorp/hc-install/src"
)

const (
	// pinnedTerraform is installed when there is no Terraform.
	pinnedTerraform = "1.11.4"
	// oldestTerraform knows write-only attributes, which the quickstart uses.
	oldestTerraform = "1.11.0"
)

// Exit codes of `terraform plan -detailed-exitcode`.
const (
	planEmpty   = 0
	planChanges = 2
)

// terraform is a Terraform or OpenTofu that runs in the folder.
type terraform struct {
	program     string
	version     string // as it names itself, for example "Terraform v1.11.4"
	dir         string
	environment []string
}

// findTerraform takes the program that TF_ACC_TERRAFORM_PATH names, else the one
// on PATH, else it installs the pinned one into the folder.
func findTerraform(ctx context.Context, space *workspace) (*terraform, error) {
	tool := &terraform{dir: space.configuration(), environment: cleanEnvironment(os.Environ(), space)}
	var err error
	if tool.program, err = locate(ctx, space); err != nil {
		return nil, err
	}
	output, err := mustCall(ctx, tool.command(ctx, "version", "-json"))
	if err != nil {
		return nil, err
	}
	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(output), &answer); err != nil {
		return nil, fmt.Errorf("%s version -json: %w", tool.program, err)
	}
	current, err := version.NewVersion(answer.Version)
	if err != nil {
		return nil, fmt.Errorf("%s version -json: %w", tool.program, err)
	}
	if current.Core().LessThan(version.Must(version.NewVersion(oldestTerraform))) {
		return nil, fmt.Errorf("%s is version %s and the quickstart needs %s or newer; name another one in TF_ACC_TERRAFORM_PATH", tool.program, current, oldestTerraform)
	}
	plain, err := mustCall(ctx, tool.command(ctx, "version"))
	if err != nil {
		return nil, err
	}
	tool.version, _, _ = strings.Cut(plain, "\n")
	return tool, nil
}

func locate(ctx context.Context, space *workspace) (string, error) {
	if named := os.Getenv("TF_ACC_TERRAFORM_PATH"); named != "" {
		program, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("correct TF_ACC_TERRAFORM_PATH: %w", err)
		}
		return program, nil
	}
	program, err := exec.LookPath("terraform")
	if err == nil {
		return program, nil
	}
	if !errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("look for terraform on PATH: %w", err)
	}
	dir := space.path("terraform-" + pinnedTerraform)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for Terraform: %w", err)
	}
	program, err = install.NewInstaller().Ensure(ctx, []src.Source{&releases.ExactVersion{
		Product: product.Terraform, Version: version.Must(version.NewVersion(pinnedTerraform)), InstallDir: dir,
	}})
	if err != nil {
		return "", fmt.Errorf("install Terraform %s (or put one on PATH): %w", pinnedTerraform, err)
	}
	return program, nil
}

// cleanEnvironment passes on what a program needs to run at all. Everything of
// Terraform and of this provider stays out, and so does the home directory with
// its configuration and its token store.
func cleanEnvironment(inherited []string, space *workspace) []string {
	var clean []string
	for _, entry := range inherited {
		name, _, _ := strings.Cut(entry, "=")
		switch strings.ToUpper(name) {
		case "PATH", "TMPDIR", "TEMP", "TMP", "LANG", "SYSTEMROOT", "COMSPEC", "PATHEXT":
			clean = append(clean, entry)
		}
	}
	home := space.path("home")
	return append(clean,
		"HOME="+home, "USERPROFILE="+home, "APPDATA="+home, "XDG_CONFIG_HOME="+space.path("home", "config"),
		"TF_CLI_CONFIG_FILE="+space.cliConfig(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1",
	)
}

func (tf *terraform) command(ctx context.Context, args ...string) *exec.Cmd {
	return command(ctx, tf.dir, tf.environment, tf.program, args...)
}

// run runs a subcommand that has to succeed.
func (tf *terraform) run(ctx context.Context, args ...string) (string, error) {
	return mustCall(ctx, tf.command(ctx, append(args, "-no-color")...))
}

// planFile is the plan that the next apply carries out.
const planFile = "demo.tfplan"

// plan plans and insists on whether there are changes.
func (tf *terraform) plan(ctx context.Context, want int) (string, error) {
	cmd := tf.command(ctx, "plan", "-input=false", "-detailed-exitcode", "-out="+planFile, "-no-color")
	output, code, err := call(ctx, cmd)
	if err == nil && code != want {
		reasons := map[int]string{planEmpty: "found changes where there are none", planChanges: "found no changes where there are some"}
		reason := reasons[want]
		if code == 1 {
			reason = "failed"
		}
		err = &commandError{command: describe(cmd), reason: reason, output: output}
	}
	return output, err
}

// apply carries out the last plan.
func (tf *terraform) apply(ctx context.Context) (string, error) {
	return tf.run(ctx, "apply", "-input=false", planFile)
}
