package tfrun

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/hashicorp/go-version"
)

// oldestTerraform knows write-only attributes, which examples use.
const oldestTerraform = "1.11.0"

// Exit codes of `terraform plan -detailed-exitcode`.
const (
	PlanEmpty   = 0
	PlanChanges = 2
)

// Terraform is a Terraform or OpenTofu that runs in one directory.
type Terraform struct {
	// Version is how it names itself, for example "Terraform v1.11.4".
	Version string
	// Dir is the working directory; Environment is all that it gets.
	Dir         string
	Environment []string

	program string
	number  *version.Version
}

// AtLeast tells whether it is Terraform, not OpenTofu, of that version or newer:
// the two have gone ways of their own since 1.6.
func (tf *Terraform) AtLeast(number string) bool {
	return strings.HasPrefix(tf.Version, "Terraform ") && tf.number.Core().GreaterThanOrEqual(version.Must(version.NewVersion(number)))
}

// FindTerraform takes the program that TF_ACC_TERRAFORM_PATH names, else the one
// on PATH. make installs one where there is none.
func FindTerraform(ctx context.Context, space *Workspace, dir string) (*Terraform, error) {
	tool := &Terraform{Dir: dir, Environment: space.Environment()}
	var err error
	if tool.program, err = exec.LookPath(cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform")); err != nil {
		return nil, fmt.Errorf("put Terraform on PATH, name one in TF_ACC_TERRAFORM_PATH, or use make, which installs it: %w", err)
	}
	output, err := MustCall(ctx, tool.Command(ctx, "version"))
	if err != nil {
		return nil, err
	}
	tool.Version, _, _ = strings.Cut(output, "\n")
	_, number, _ := strings.Cut(tool.Version, " v")
	if tool.number, err = version.NewVersion(number); err != nil {
		return nil, fmt.Errorf("%s version: %w", tool.program, err)
	}
	if tool.number.Core().LessThan(version.Must(version.NewVersion(oldestTerraform))) {
		return nil, fmt.Errorf("%s is %s and write-only attributes need %s or newer; name another one in TF_ACC_TERRAFORM_PATH", tool.program, tool.Version, oldestTerraform)
	}
	return tool, nil
}

// Command prepares a subcommand.
func (tf *Terraform) Command(ctx context.Context, args ...string) *exec.Cmd {
	return Command(ctx, tf.Dir, tf.Environment, tf.program, args...)
}

// Run runs a subcommand that has to succeed.
func (tf *Terraform) Run(ctx context.Context, args ...string) (string, error) {
	return MustCall(ctx, tf.Command(ctx, append(args, "-no-color")...))
}

// PlanFile is the plan that Plan saves and Apply carries out.
const PlanFile = "saved.tfplan"

// Plan plans, saves the plan for Apply, and insists on whether there are
// changes: PlanEmpty or PlanChanges.
func (tf *Terraform) Plan(ctx context.Context, want int) (string, error) {
	cmd := tf.Command(ctx, "plan", "-input=false", "-detailed-exitcode", "-out="+PlanFile, "-no-color")
	output, code, err := Call(ctx, cmd)
	if err == nil && code != want {
		reasons := map[int]string{PlanEmpty: "found changes where there are none", PlanChanges: "found no changes where there are some"}
		reason := reasons[want]
		if code == 1 {
			reason = "failed"
		}
		err = &Error{Command: Describe(cmd), Reason: reason, Output: output}
	}
	return output, err
}

// Apply carries out the last plan.
func (tf *Terraform) Apply(ctx context.Context) (string, error) {
	return tf.Run(ctx, "apply", "-input=false", PlanFile)
}
