package docscheck

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

const (
	// playground is the folder that the README works in, and servedAt where its
	// service listens. The test uses a folder of its own and a free port.
	playground = "/tmp/playground"
	servedAt   = "http://127.0.0.1:8787"
	// shellEnds is the last line of the shell.
	shellEnds = "=== the shell ends"
	// newcomer is how long the README may take, on a machine that is busy.
	newcomer = 8 * time.Minute
)

// A newcomer who does what the README says, block by block and without a pause,
// sees what it promises. One thing is not done as it is written: `make test`, which
// this is part of.
func TestReadmeLeadsANewcomerToADrift(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	for _, needed := range []string{"bash", "make", "curl"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("the README's steps need %s: %v", needed, err)
		}
	}
	tool := newTerraform(t)
	if !strings.HasPrefix(tool.Version, "Terraform ") {
		t.Skipf("the README's development overrides name the registry of Terraform and this is %s", tool.Version)
	}
	ctx, cancel := context.WithTimeout(t.Context(), newcomer)
	defer cancel()
	reader := startNewcomer(ctx, t, tool)
	shown := reader.follow(ctx, t, repo(t).pageNamed(t, "README.md").blocks)

	for _, promise := range []struct{ command, outcome string }{
		{"make demo", `(?s)6 added.*false -> true.*Destroy complete! Resources: \d+ destroyed`},
		{"terraform plan\nterraform apply", `(?s)development overrides.*Plan: 1 to add.*Apply complete! Resources: 1 added, 0 changed, 0 destroyed`},
		{"/turn-off", `(?s)enabled +=.*false -> true.*Plan: 0 to add, 1 to change, 0 to destroy.*Apply complete! Resources: 0 added, 1 changed`},
		{"terraform destroy", `Destroy complete! Resources: 1 destroyed`},
	} {
		i := slices.IndexFunc(shown, func(s step) bool { return strings.Contains(s.script, promise.command) })
		if i < 0 {
			t.Errorf("the README no longer has the command %q", promise.command)
		} else if !regexp.MustCompile(promise.outcome).MatchString(shown[i].output) {
			t.Errorf("%q does not show %s:\n%s", promise.command, promise.outcome, shown[i].output)
		}
	}
	if reader.stillThere(ctx) {
		t.Error("the service still runs after the last step")
	}
	if _, err := os.Stat(reader.folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there after the last step: %v", err)
	}
	if !strings.Contains(reader.page, "Hourly heartbeat") {
		t.Errorf("the page of the service does not show the connect:\n%s", reader.page)
	}
}

// step is a block of commands that was carried out.
type step struct{ script, output string }

// follower is a newcomer at a shell.
type follower struct {
	folder  string // in place of the playground
	service string // in place of servedAt
	shell   io.Writer
	lines   *bufio.Scanner
	page    string // what the service's page showed after the first apply
}

// startNewcomer copies the repository, as a clone would, and opens a shell there.
func startNewcomer(ctx context.Context, t *testing.T, tool *tfrun.Terraform) *follower {
	t.Helper()
	space := tfrun.NewWorkspace(t.TempDir())
	clone := space.Path("clone")
	for name := range repo(t).files {
		copyFile(t, name, filepath.Join(clone, filepath.FromSlash(name)))
	}
	program := tool.Command(ctx, "version").Path
	if err := os.Mkdir(space.Path("path"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, space.Path("path", "terraform")); err != nil {
		t.Fatal(err)
	}
	cmd := tfrun.Command(ctx, clone, readerEnvironment(space, program), "bash")
	cmd.Cancel = func() error {
		tfrun.KillGroup(cmd)
		return nil
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	f := &follower{folder: space.Path("playground"), service: servedAt, shell: in, lines: bufio.NewScanner(out)}
	// A program in the background may keep the output open when a failed step ends
	// the shell, so the shell has to say that it ends.
	if _, err := fmt.Fprintf(in, "trap 'echo \"%s\"' EXIT\n", shellEnds); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		// A service in the background is in no group; after the last step there is none.
		companion := filepath.Join(clone, "bin", tfrun.Executable("appypie"))
		_, _, _ = tfrun.Call(context.WithoutCancel(ctx), tfrun.Command(context.WithoutCancel(ctx), clone, os.Environ(), companion, "simulator", "--stop", "--state", filepath.Join(f.folder, "service.json")))
		// What the shell left behind belongs to its group.
		tfrun.KillGroup(cmd)
		_ = cmd.Wait()
	})
	return f
}

// readerEnvironment is that of someone who has done nothing with the provider yet.
func readerEnvironment(space *tfrun.Workspace, terraform string) []string {
	var environment []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !regexp.MustCompile(`^(TF_|APPYPIE_|MAKE|MFLAGS|KEEP$|PATH$)`).MatchString(name) {
			environment = append(environment, entry)
		}
	}
	// Without the paths of the copy in it, what was compiled is found again in Go's
	// cache the next time.
	return append(environment, "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -trimpath"), "PATH="+space.Path("path")+string(os.PathListSeparator)+os.Getenv("PATH"), "TF_ACC_TERRAFORM_PATH="+terraform,
		"CHECKPOINT_DISABLE=1", "TF_CLI_ARGS=-no-color")
}

func copyFile(t *testing.T, name, to string) {
	t.Helper()
	from := filepath.Join(root, filepath.FromSlash(name))
	info, err := os.Stat(from)
	if err != nil {
		return // Gone since the folder was listed.
	}
	if err := tfrun.CopyFile(from, to, info.Mode().Perm()); err != nil {
		t.Fatal(err)
	}
}

// follow carries out the blocks in their order.
func (f *follower) follow(ctx context.Context, t *testing.T, blocks []block) []step {
	t.Helper()
	var done []step
	for _, b := range blocks {
		if b.language != "shell" {
			continue
		}
		text := strings.ReplaceAll(strings.ReplaceAll(b.text, playground, f.folder), servedAt, f.service)
		text = strings.ReplaceAll(text, "appypie simulator --detach", "appypie simulator --detach --addr 127.0.0.1:0")
		text = regexp.MustCompile(`(?m)^make test\b.*$`).ReplaceAllString(text, ":")
		done = append(done, step{b.text, f.run(ctx, t, len(done), text)})
		if strings.Contains(text, "appypie simulator --detach") {
			f.service = f.address(t)
		}
		if strings.Contains(text, "terraform apply") && f.page == "" {
			f.page = f.visit(ctx, t, f.service+"/")
		}
	}
	return done
}

// run carries out one block in the shell and returns what it printed.
func (f *follower) run(ctx context.Context, t *testing.T, number int, text string) string {
	t.Helper()
	script := filepath.Join(t.TempDir(), "step.sh")
	write(t, script, text)
	mark := fmt.Sprintf("=== step %d is done", number)
	if _, err := fmt.Fprintf(f.shell, "set -euo pipefail\n. '%s' </dev/null\necho '%s'\n", script, mark); err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for f.lines.Scan() && f.lines.Text() != shellEnds {
		if f.lines.Text() == mark {
			return shown.String()
		}
		shown.WriteString(f.lines.Text() + "\n")
	}
	t.Fatalf("a step of the README failed (%v):\n%s\nprinted\n%s", ctx.Err(), text, shown.String())
	return ""
}

// address is where the service listens, which the README's reader has in a file.
func (f *follower) address(t *testing.T) string {
	t.Helper()
	pattern := regexp.MustCompile(`APPYPIE_API_URL='?"?(http://127\.0\.0\.1:\d+)`)
	text, err := os.ReadFile(filepath.Join(f.folder, "service.env"))
	if err != nil {
		t.Fatal(err)
	}
	match := pattern.FindStringSubmatch(string(text))
	if match == nil {
		t.Fatalf("no address in\n%s", text)
	}
	return match[1]
}

// stillThere reports whether the service answers.
func (f *follower) stillThere(ctx context.Context) bool {
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(f.service, "http://"))
	return err == nil && connection.Close() == nil
}

func (f *follower) visit(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	defer client.CloseIdleConnections()
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s: %v", address, answer.Status, err)
	}
	return string(text)
}
