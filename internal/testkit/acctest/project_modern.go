package acctest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

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
