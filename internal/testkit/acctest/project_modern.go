package acctest

import (
	"os"
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

// SkipOnOpenTofu skips a test of a feature that OpenTofu does not have. Its
// version numbers say nothing about Terraform's features, and the test library
// does not tell the two apart: the provider's host does.
func SkipOnOpenTofu(t *testing.T, feature string) {
	t.Helper()
	if strings.Contains(os.Getenv("TF_ACC_PROVIDER_HOST"), "opentofu") {
		t.Skipf("OpenTofu has no %s", feature)
	}
}
