package release

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

func TestReleaseIsWhatRegistriesWant(t *testing.T) {
	t.Parallel()
	f := released(t)
	for _, problem := range f.refusals() {
		t.Errorf("a registry would refuse the release: %s", problem)
	}
	t.Logf("%s of %s for %s", f.version, f.dir, strings.Join(f.platforms, ", "))
}

// Each program is packed with the license alone, and can be started.
func TestArchivesHaveTheLayoutOfTheRegistries(t *testing.T) {
	t.Parallel()
	f := released(t)
	for name, binary := range map[string]string{
		fmt.Sprintf("terraform-provider-appypie_%s_%s.zip", f.version, host): f.provider.executable(host),
		fmt.Sprintf("appypie_%s_%s.zip", f.version, host):                    f.companion.executable(host),
	} {
		archive, err := zip.OpenReader(f.path(name))
		if err != nil {
			t.Fatal(err)
		}
		var held []string
		for _, file := range archive.File {
			held = append(held, file.Name)
			if file.Name == binary && file.Mode() != 0o755 {
				t.Errorf("%s: %s has mode %v and could not be started", name, binary, file.Mode())
			}
		}
		_ = archive.Close()
		if want := []string{"LICENSE", binary}; !slices.Equal(held, want) {
			t.Errorf("%s holds %q, want %q", name, held, want)
		}
	}
}

func TestBuildingAgainGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	f := released(t)
	if given != "" {
		t.Skip("the release under test was built by GoReleaser")
	}
	again := files{naming: f.naming, dir: t.TempDir()}
	again.pack(t, f.provider)
	name := f.provider.archiveFor(host)
	first, err := f.sum(name)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := again.sum(name); err != nil || second != first {
		t.Errorf("%s has checksum %s, and built again %s (%v)", name, first, second, err)
	}
}

// The companion tells the number that it was released under.
func TestCompanionOfTheReleaseStarts(t *testing.T) {
	t.Parallel()
	f := released(t)
	archive, err := zip.OpenReader(f.path(f.companion.archiveFor(host)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	packed, err := archive.Open(f.companion.executable(host))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), f.companion.executable(host))
	if err := os.WriteFile(program, content, 0o700); err != nil {
		t.Fatal(err)
	}
	if output := run(t, "", os.Environ(), program, "--version"); !strings.Contains(output, f.version) {
		t.Errorf("--version printed %q", output)
	}
}

// packedMirror lays the provider's archive out as Terraform reads a packed
// filesystem mirror, for the registries of Terraform and OpenTofu.
func (f *files) packedMirror(t *testing.T, space *tfrun.Workspace) {
	t.Helper()
	archive := f.provider.archiveFor(host)
	for _, of := range []string{terraformHost, opentofuHost} {
		if err := tfrun.CopyFile(f.path(archive), space.Path("mirror", of, "appypie-community", "appypie", archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(t, space.CLIConfig(), fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(space.Path("mirror"))))
}

// The archive is what users get: Terraform installs it and applies the first
// example with it. Terraform and OpenTofu below 1.11 know no write-only
// attributes and apply the example of the four resources instead.
func TestReleasedProviderInstallsAndApplies(t *testing.T) {
	t.Parallel()
	f := released(t)
	env := acctest.New(t)
	env.NeedsSimulator(t, "the quickstart names what the simulated catalog has")
	space := tfrun.NewWorkspace(t.TempDir())
	f.packedMirror(t, space)
	program := terraformProgram(t)
	environment := append(space.Environment(),
		"APPYPIE_API_URL="+env.URL+"/api/v2/integrations", "APPYPIE_TOKEN_URL="+env.URL+"/v1/oauth2/token",
		"APPYPIE_CLIENT_ID="+env.Sim.ClientID(), "APPYPIE_CLIENT_SECRET="+env.Sim.ClientSecret(),
		"APPYPIE_REFRESH_TOKEN="+env.Sim.Login(), "APPYPIE_TOKEN_STORE_PATH="+space.Path("tokens"),
		"TF_VAR_signing_secret=canary-of-the-release")
	run := func(args ...string) string {
		return run(t, space.Root, environment, program, args...)
	}
	want := writeExample(t, space, run("version", "-json"))
	// Only who names a version before the first release gets it.
	write(t, space.Path("release_override.tf"), f.configuration())

	if output := run("init", "-input=false", "-no-color"); !strings.Contains(output, "appypie v"+f.version) {
		t.Errorf("init did not install the release:\n%s", output)
	}
	run("apply", "-auto-approve", "-input=false", "-no-color")
	if made := len(env.Sim.Connects()); made != want {
		t.Errorf("the example made %d connects, want %d", made, want)
	}
	run("plan", "-detailed-exitcode", "-input=false", "-no-color")
	run("destroy", "-auto-approve", "-input=false", "-no-color")
	if left := env.Sim.Connects(); len(left) > 0 {
		t.Errorf("destroy left %d connects", len(left))
	}
}

// terraformProgram is the one that the other tests run too. It may be older than
// what tfrun insists on.
func terraformProgram(t *testing.T) string {
	t.Helper()
	named := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if named == "" {
		named = "terraform"
	}
	program, err := exec.LookPath(named)
	if err != nil {
		t.Fatalf("run this test with make, which installs Terraform where there is none: %v", err)
	}
	return program
}

// writeExample chooses what the program can read, and tells how many connects it
// makes.
func writeExample(t *testing.T, space *tfrun.Workspace, versionJSON string) int {
	t.Helper()
	var is struct {
		Number string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(versionJSON), &is); err != nil {
		t.Fatal(err)
	}
	example, made := "quickstart", 3
	if number := version.Must(version.NewVersion(is.Number)); number.Core().LessThan(version.Must(version.NewVersion("1.11.0"))) {
		example, made = "four-resources", 1
	}
	if err := tfrun.CopyFile(filepath.Join(root, "examples", "guides", example, "main.tf"), space.Path("main.tf"), 0o600); err != nil {
		t.Fatal(err)
	}
	return made
}
