package tfrun

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestEnvironmentOfTheUserStaysOut(t *testing.T) { //nolint:paralleltest // it sets the environment.
	for _, entry := range []string{
		"PATH=/bin", "HOME=/home/ada", "TF_LOG=TRACE", "TF_CLI_ARGS=-destroy", "TF_CLI_CONFIG_FILE=/home/ada/.terraformrc",
		"TF_VAR_signing_secret=x", "APPYPIE_ACCESS_TOKEN=x", "XDG_CONFIG_HOME=/home/ada/.config", "AWS_SECRET_ACCESS_KEY=x",
	} {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
	space := &Workspace{Root: filepath.FromSlash("/demo")}
	clean := space.Environment()
	for _, want := range []string{"PATH=/bin", "HOME=" + space.Path("home"), "TF_CLI_CONFIG_FILE=" + space.CLIConfig()} {
		if !slices.Contains(clean, want) {
			t.Errorf("%s is missing in %q", want, clean)
		}
	}
	for _, entry := range clean {
		if strings.Contains(entry, "ada") || strings.HasSuffix(entry, "=x") || strings.Contains(entry, "TRACE") || strings.Contains(entry, "-destroy") {
			t.Errorf("%s is passed on", entry)
		}
	}
}

func TestMirrorIsLaidOutAsTerraformReadsIt(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	space := NewWorkspace(t.TempDir())
	if err := space.InstallProvider(program, program); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		place := space.Path("mirror", host, "appypie-community", "appypie", providerVersion, runtime.GOOS+"_"+runtime.GOARCH)
		for _, name := range []string{Executable("terraform-provider-appypie_v" + providerVersion), filepath.Base(program)} {
			if _, err := os.Stat(filepath.Join(place, name)); err != nil {
				t.Error(err)
			}
		}
	}
	config, err := os.ReadFile(space.CLIConfig())
	if err != nil || strings.Contains(string(config), "direct") || !strings.Contains(string(config), "filesystem_mirror") {
		t.Errorf("the configuration lets Terraform install from elsewhere (%v):\n%s", err, config)
	}
}

func TestCallReportsHowAProgramEnded(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unknownFlag := func(ctx context.Context) (string, int, error) {
		return Call(ctx, Command(ctx, "", nil, program, "-no-such-flag"))
	}
	output, code, err := unknownFlag(t.Context())
	if err != nil || code != 2 || !strings.Contains(output, "no-such-flag") {
		t.Errorf("output %q, code %d, error %v", output, code, err)
	}
	_, err = MustCall(t.Context(), Command(t.Context(), "", nil, program, "-no-such-flag"))
	failed, ok := errors.AsType[*Error](err)
	if !ok || !strings.Contains(failed.Output, "no-such-flag") {
		t.Errorf("error %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := unknownFlag(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the context ended", err)
	}
}
