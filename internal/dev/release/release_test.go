package main

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/hashicorp/go-version"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// testVersion is the release that the tests build.
const testVersion = "1.2.3"

// released is the release for this platform, made once for all tests.
var released struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if released.dir != "" {
		_ = os.RemoveAll(released.dir)
	}
	os.Exit(code)
}

// hostRelease builds the release for this platform. Building takes seconds, so it
// is left to the runs that start programs anyway.
func hostRelease(t *testing.T) string {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test builds a release; set TF_ACC=1 to have it run")
	}
	released.once.Do(func() {
		//nolint:usetesting // it outlives the test, because other tests read it too.
		if released.dir, released.err = os.MkdirTemp("", "appypie-release-test-"); released.err != nil {
			return
		}
		var c config
		if c, released.err = readConfig(root); released.err == nil {
			released.err = build(context.WithoutCancel(t.Context()), c, root, released.dir, testVersion, []platform{hostPlatform()}, io.Discard)
		}
	})
	if failed, ok := errors.AsType[*tfrun.Error](released.err); ok {
		t.Log(failed.Output)
	}
	if released.err != nil {
		t.Fatal(released.err)
	}
	return released.dir
}

// releasedProgram is a program of the configuration.
func releasedProgram(t *testing.T, id string) program {
	t.Helper()
	c, err := readConfig(root)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.program(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestArchivesHaveTheLayoutOfTheRegistries(t *testing.T) {
	t.Parallel()
	dir := hostRelease(t)
	host := hostPlatform()
	layout := map[string]string{
		fmt.Sprintf("terraform-provider-appypie_%s_%s.zip", testVersion, host): host.executable("terraform-provider-appypie_v" + testVersion),
		fmt.Sprintf("appypie_%s_%s.zip", testVersion, host):                    host.executable("appypie"),
	}
	for name, binary := range layout {
		archive, err := zip.OpenReader(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var held []string
		for _, file := range archive.File {
			held = append(held, file.Name)
			if file.Name == binary && file.Mode() != 0o755 {
				t.Errorf("%s: %s has mode %v and could not be started", name, binary, file.Mode())
			}
			if !file.Modified.Equal(archiveTime()) {
				t.Errorf("%s: %s is of %v, so the next build differs", name, file.Name, file.Modified)
			}
		}
		_ = archive.Close()
		if want := []string{"LICENSE", binary}; !slices.Equal(held, want) {
			t.Errorf("%s holds %q, want %q", name, held, want)
		}
	}
}

// signedRelease is the release for this platform, signed.
func signedRelease(t *testing.T) (files, *openpgp.Entity) {
	t.Helper()
	c, err := readConfig(root)
	if err != nil {
		t.Fatal(err)
	}
	// The folder of all tests stays as it was built.
	f := files{config: c, dir: t.TempDir(), version: testVersion, platforms: []platform{hostPlatform()}}
	if err := os.CopyFS(f.dir, os.DirFS(hostRelease(t))); err != nil {
		t.Fatal(err)
	}
	keys, _, err := f.keys("")
	if err != nil {
		t.Fatal(err)
	}
	return f, keys[0]
}

func TestReleaseIsWhatRegistriesWant(t *testing.T) {
	t.Parallel()
	f, key := signedRelease(t)
	if err := f.refusals(openpgp.EntityList{key}); err != nil {
		t.Error(err)
	}
}

func TestBuildingAgainGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	host := hostPlatform()
	first, again := hostRelease(t), t.TempDir()
	name, err := releasedProgram(t, "provider").pack(t.Context(), root, again, testVersion, host)
	if err != nil {
		t.Fatal(err)
	}
	var sums [2]string
	for i, dir := range []string{first, again} {
		if sums[i], err = sumOf(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if sums[0] != sums[1] {
		t.Errorf("%s has checksum %s, and built again %s", name, sums[0], sums[1])
	}
}

// The companion tells the number that it was released under.
func TestCompanionOfTheReleaseStarts(t *testing.T) {
	t.Parallel()
	name, err := releasedProgram(t, "companion").archiveName(testVersion, hostPlatform())
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(filepath.Join(hostRelease(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	packed, err := archive.Open(hostPlatform().executable("appypie"))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(packed)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), hostPlatform().executable("appypie"))
	if err := os.WriteFile(program, content, 0o700); err != nil {
		t.Fatal(err)
	}
	output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), "", os.Environ(), program, "--version"))
	if err != nil || !strings.Contains(output, testVersion) {
		t.Errorf("--version printed %q, %v", output, err)
	}
}

// packedMirror lays the provider's archive out as Terraform reads a packed
// filesystem mirror, for the registries of Terraform and OpenTofu.
func packedMirror(t *testing.T, space *tfrun.Workspace) {
	t.Helper()
	archive, err := releasedProgram(t, "provider").archiveName(testVersion, hostPlatform())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		place := space.Path("mirror", host, "appypie-community", "appypie", archive)
		if err := tfrun.CopyFile(filepath.Join(hostRelease(t), archive), place, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(space.Path("mirror")))
	if err := os.WriteFile(space.CLIConfig(), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The archive is what users get: Terraform installs it and applies the first
// example with it. Terraform and OpenTofu below 1.11 know no write-only
// attributes and apply the example of the four resources instead.
func TestReleasedProviderInstallsAndApplies(t *testing.T) {
	t.Parallel()
	hostRelease(t)
	env := acctest.New(t)
	env.NeedsSimulator(t, "the quickstart names what the simulated catalog has")
	space := tfrun.NewWorkspace(t.TempDir())
	packedMirror(t, space)

	program := terraformProgram(t)
	environment := append(space.Environment(),
		"APPYPIE_API_URL="+env.URL+"/api/v2/integrations", "APPYPIE_TOKEN_URL="+env.URL+"/v1/oauth2/token",
		"APPYPIE_CLIENT_ID="+env.Sim.ClientID(), "APPYPIE_CLIENT_SECRET="+env.Sim.ClientSecret(),
		"APPYPIE_REFRESH_TOKEN="+env.Sim.Login(), "APPYPIE_TOKEN_STORE_PATH="+space.Path("tokens"),
		"TF_VAR_signing_secret=canary-of-the-release")
	run := func(args ...string) string {
		output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), space.Root, environment, program, args...))
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		return output
	}
	want := writeExample(t, space, run("version", "-json"))

	if output := run("init", "-input=false", "-no-color"); !strings.Contains(output, "appypie v"+testVersion) {
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
	source, err := tfrun.ModuleDir(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	example, made := "quickstart", 3
	if number := version.Must(version.NewVersion(is.Number)); number.Core().LessThan(version.Must(version.NewVersion("1.11.0"))) {
		example, made = "four-resources", 1
	}
	if err := tfrun.CopyFile(filepath.Join(source, "examples", "guides", example, "main.tf"), space.Path("main.tf"), 0o600); err != nil {
		t.Fatal(err)
	}
	return made
}
