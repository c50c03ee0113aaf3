package acctest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// built is the folder of the provider's binary; empty when no test needed one.
var built string

// providerBinary builds the provider once for all tests of a package, into a folder
// that outlives the test; RemoveBinary removes it.
var providerBinary = sync.OnceValues(func() (binary string, err error) {
	if built, err = os.MkdirTemp("", "appypie-acctest-"); err != nil {
		return "", err
	}
	binary = filepath.Join(built, tfrun.Executable("terraform-provider-appypie"))
	return binary, tfrun.Build(context.Background(), binary, ".")
})

// RemoveBinary removes what Project built. A package that uses Project calls it
// at the end of TestMain.
func RemoveBinary() { _ = os.RemoveAll(built) }

// Project makes a working directory with files, by their paths, in which the
// real Terraform runs the real plugin as processes of their own: for what tests
// in process cannot show. The provider is configured by the environment. The
// directory is initialized.
//
// Without TF_ACC=1 the test is skipped.
func (e *Env) Project(t *testing.T, files map[string]string) *tfrun.Terraform {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test runs Terraform; set TF_ACC=1 to have it run")
	}
	e.NeedsSimulator(t, "the test watches the service while Terraform runs")
	binary, err := providerBinary()
	if err != nil {
		t.Fatalf("build the provider: %v", err)
	}
	space := tfrun.NewWorkspace(t.TempDir())
	if err := space.InstallProvider(binary); err != nil {
		t.Fatal(err)
	}
	dir := space.Path("project")
	write(t, filepath.Join(dir, "versions.tf"), RequiredProviders)
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	tool, err := tfrun.FindTerraform(t.Context(), space, dir)
	if err != nil {
		t.Fatal(err)
	}
	tool.Environment = append(tool.Environment, e.variables(space)...)
	if output, err := tool.Run(t.Context(), "init", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return tool
}

// RequiredProviders is what a module needs to find the provider under test.
const RequiredProviders = "terraform {\n  required_providers {\n    appypie = { source = \"appypie-community/appypie\" }\n  }\n}\n"

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// variables configure the provider by its environment.
func (e *Env) variables(space *tfrun.Workspace) []string {
	variables := []string{"APPYPIE_TOKEN_STORE_PATH=" + space.Path("tokens")}
	for name, value := range e.settings {
		if name == "dialect" {
			value = DialectFile(e.spoken)
		}
		if text, ok := value.(string); ok {
			variables = append(variables, "APPYPIE_"+strings.ToUpper(name)+"="+text)
		}
	}
	return variables
}

// queryVersion is the first Terraform that knows list resources and actions.
const queryVersion = "1.14.0"

// ModernProject is Project with files that only Terraform 1.14 and newer can
// read. With an older one, or with OpenTofu, the test is skipped with the reason.
func (e *Env) ModernProject(t *testing.T, files map[string]string) *tfrun.Terraform {
	t.Helper()
	tool := e.Project(t, nil)
	if !tool.AtLeast(queryVersion) {
		t.Skipf("list resources and actions need Terraform %s or newer and this is %s; name a newer one in TF_ACC_TERRAFORM_PATH", queryVersion, tool.Version)
	}
	for name, text := range files {
		write(t, filepath.Join(tool.Dir, name), text)
	}
	// Modules are installed and the lock file is made by init.
	if output, err := tool.Run(t.Context(), "init", "-input=false"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return tool
}

// ReadFile returns the text of a file of a project.
func ReadFile(t *testing.T, tool *tfrun.Terraform, name string) string {
	t.Helper()
	return readFile(t, filepath.Join(tool.Dir, name))
}

// SkipOnOpenTofu skips a test of a feature that OpenTofu does not have.
func SkipOnOpenTofu(t *testing.T, feature string) {
	t.Helper()
	if onOpenTofu() {
		t.Skipf("OpenTofu has no %s", feature)
	}
}

// onOpenTofu reports whether the acceptance tests run OpenTofu. Its version numbers
// say nothing about Terraform's features, and the test library does not tell the
// two apart: the provider's host does.
func onOpenTofu() bool { return strings.Contains(os.Getenv("TF_ACC_PROVIDER_HOST"), "opentofu") }

// OpensEphemerals reports whether no plan with an ephemeral resource is empty:
// OpenTofu listed its opening among the changes before 1.12.
func OpensEphemerals(t *testing.T) bool {
	t.Helper()
	if !onOpenTofu() {
		return false
	}
	output, err := exec.CommandContext(t.Context(), os.Getenv("TF_ACC_TERRAFORM_PATH"), "version").Output() //nolint:gosec // whoever runs the test names it.
	if err != nil {
		t.Fatal(err)
	}
	return strings.HasPrefix(string(output), "OpenTofu v1.11.")
}
