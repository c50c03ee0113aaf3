package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// The registries of the two programs.
const (
	terraformHost = "registry.terraform.io"
	opentofuHost  = "registry.opentofu.org"
)

// installer is a program that installs providers.
type installer struct{ name, program, host string }

// installers are those at hand, and why another one is left out.
func installers() (found []installer, left []string) {
	for _, one := range []installer{
		{"Terraform", cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform"), terraformHost},
		{"OpenTofu", "tofu", opentofuHost},
	} {
		program, err := exec.LookPath(one.program)
		switch {
		case err != nil:
			left = append(left, fmt.Sprintf("%s did not install the release: %v", one.name, err))
		case runtime.GOOS == "darwin" || runtime.GOOS == "windows":
			left = append(left, fmt.Sprintf("%s did not install the release: on %s it trusts the authorities of the system only", one.name, runtime.GOOS))
		default:
			one.program = program
			found = append(found, one)
		}
	}
	return found, left
}

// ways are the CLI configurations by which a program finds the release.
func (r *registry) ways(host string) map[string]string {
	return map[string]string{
		"a network mirror": fmt.Sprintf("provider_installation {\n  network_mirror {\n    url = \"%s/mirror/\"\n  }\n}\n", r.URL),
		"its registry":     fmt.Sprintf("host %q {\n  services = {\n    \"providers.v1\" = \"%s/v1/providers/\"\n  }\n}\n", host, r.URL),
	}
}

// install has a program install the provider by a CLI configuration, and start it.
func (r *registry) install(ctx context.Context, by installer, cliConfig string) (err error) {
	dir, err := os.MkdirTemp("", "appypie-install-")
	if err != nil {
		return fmt.Errorf("make a folder to install in: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	space := tfrun.NewWorkspace(dir)
	main := fmt.Sprintf("terraform {\n  required_providers {\n    appypie = {\n      source  = %q\n      version = %q\n    }\n  }\n}\n", address, r.version)
	for name, text := range map[string]string{"main.tf": main, filepath.Base(space.CLIConfig()): cliConfig, "ca.pem": string(r.CA)} {
		if err := os.WriteFile(space.Path(name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	environment := append(space.Environment(), "SSL_CERT_FILE="+space.Path("ca.pem"))
	output, err := tfrun.MustCall(ctx, tfrun.Command(ctx, dir, environment, by.program, "init", "-input=false", "-no-color"))
	if err != nil {
		return err
	}
	if !strings.Contains(output, "appypie v"+r.version) {
		return fmt.Errorf("init did not install version %s: %s", r.version, output)
	}
	output, err = tfrun.MustCall(ctx, tfrun.Command(ctx, dir, environment, by.program, "providers", "schema", "-json"))
	if err == nil && !strings.Contains(output, `"appypie_connect"`) {
		err = errors.New("what was installed is not this provider: its schema has no appypie_connect")
	}
	return err
}
