package provider_test

import (
	"archive/zip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
	"github.com/appypie-community/terraform-provider-appypie/internal/testkit/acctest"
)

// runner is a machine of a pipeline. Its home, its disk and its working directory
// are its own; of another one it has what the test hands over.
type runner struct {
	*tfrun.Terraform

	t *testing.T
}

// newRunner is a machine that has a configuration and credentials. The variables of
// a login come from the environment of the test, unless others are given.
func newRunner(t *testing.T, env *acctest.Env, main string, variables ...string) runner {
	t.Helper()
	r := runner{env.Project(t, map[string]string{"main.tf": main}), t}
	r.Environment = append(r.Environment, variables...)
	return r
}

// withoutLogin is a machine that has credentials of another kind.
func withoutLogin(t *testing.T, env *acctest.Env, main string, variables ...string) runner {
	t.Helper()
	r := newRunner(t, env, main)
	r.Environment = slices.DeleteFunc(r.Environment, func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains([]string{"APPYPIE_CLIENT_ID", "APPYPIE_CLIENT_SECRET", "APPYPIE_REFRESH_TOKEN", "APPYPIE_TOKEN_URL", "APPYPIE_TOKEN_STORE_PATH"}, name)
	})
	r.Environment = append(r.Environment, variables...)
	return r
}

// plan plans, and saves the plan.
func (r runner) plan(want int) {
	r.t.Helper()
	if output, err := r.Plan(r.t.Context(), want); err != nil {
		r.t.Fatalf("%v\n%s", err, output)
	}
}

// take copies the saved plan, or the state as a backend would hand it out.
func (r runner) take(from runner, name string) {
	r.t.Helper()
	if err := tfrun.CopyFile(filepath.Join(from.Dir, name), filepath.Join(r.Dir, name), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// store is the folder of the machine's token store.
func (r runner) store() string { return filepath.Join(filepath.Dir(r.Dir), "tokens") }

// restore makes the token store out of another machine's, with modes that a cache
// gives to what it unpacks.
func (r runner) restore(from runner, folder, file fs.FileMode) {
	r.t.Helper()
	source := os.DirFS(from.store())
	r.must(fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		target := filepath.Join(r.store(), filepath.FromSlash(name))
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if err := os.MkdirAll(target, folder); err != nil {
				return err
			}
			return os.Chmod(target, folder)
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, text, file); err != nil {
			return err
		}
		return os.Chmod(target, file)
	}))
}

func (r runner) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// refused has the machine plan, which has to fail with each of the texts.
func (r runner) refused(texts ...string) {
	r.t.Helper()
	output, err := r.Plan(r.t.Context(), tfrun.PlanEmpty)
	if err == nil {
		r.t.Fatalf("the plan worked:\n%s", output)
	}
	// Terraform breaks lines where it likes.
	flat := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			r.t.Errorf("the error does not say %q:\n%s", text, output)
		}
	}
}

func oneConnect(t *testing.T) string {
	t.Helper()
	return readFile(t, filepath.Join(examplesDir(), "resources", "appypie_connect", "resource.tf"))
}

// What one machine has planned another one applies, and a third one finds no
// difference. Between them nothing is left but what a pipeline keeps: the plan, the
// state, and what the way of logging in keeps. The access token ends before the
// apply, so the second machine needs what the first one left behind.
func TestPlanAndApplyOnDifferentRunners(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		runner func(t *testing.T, env *acctest.Env, secrets *secretManager) runner
		// keep is what the pipeline does at the end of a job and the start of the
		// next one.
		keep      func(next, last runner)
		refreshes int
	}{
		"command store": {
			func(t *testing.T, env *acctest.Env, secrets *secretManager) runner {
				t.Helper()
				return newRunner(t, env, oneConnect(t), secrets.store(t)...)
			},
			func(runner, runner) {}, 2,
		},
		"encrypted cache": {
			func(t *testing.T, env *acctest.Env, _ *secretManager) runner {
				t.Helper()
				return newRunner(t, env, oneConnect(t), "APPYPIE_TOKEN_STORE_KEY=canary-key-of-the-cache")
			},
			func(next, last runner) { next.restore(last, 0o700, 0o600) }, 2,
		},
		"token_command": {
			func(t *testing.T, env *acctest.Env, secrets *secretManager) runner {
				t.Helper()
				return withoutLogin(t, env, oneConnect(t), secrets.token(t)...)
			},
			func(runner, runner) {}, 0,
		},
		"published access token": {
			func(t *testing.T, env *acctest.Env, _ *secretManager) runner {
				t.Helper()
				return withoutLogin(t, env, oneConnect(t))
			},
			func(runner, runner) {}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			secrets := newSecretManager(t, env)
			next := func(last *runner) runner {
				r := one.runner(t, env, secrets)
				if name == "published access token" {
					r.Environment = append(r.Environment, "APPYPIE_ACCESS_TOKEN="+env.Sim.IssueAccessToken())
				}
				if last != nil {
					one.keep(r, *last)
				}
				return r
			}
			planned := next(nil)
			planned.plan(tfrun.PlanChanges)

			env.Sim.ExpireAccessTokens()
			applied := next(&planned)
			applied.take(planned, tfrun.PlanFile)
			if output, err := applied.Apply(t.Context()); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			watched := next(&applied)
			watched.take(applied, "terraform.tfstate")
			watched.plan(tfrun.PlanEmpty)

			if stats := env.Sim.TokenStats(); stats.Refreshes != one.refreshes || stats.Reuses != 0 || stats.RevokedFamilies != 0 {
				t.Errorf("want %d refreshes and nothing used twice, got %+v", one.refreshes, stats)
			}
		})
	}
}

// Caches restore what they like. A store that others could read is refused with
// the command that helps, and then goes on where it was.
func TestCacheThatLostItsModes(t *testing.T) {
	t.Parallel()
	if os.Geteuid() < 0 {
		t.Skip("this system has no modes")
	}
	env := acctest.New(t)
	first := newRunner(t, env, oneConnect(t))
	first.plan(tfrun.PlanChanges)
	second := newRunner(t, env, oneConnect(t))
	second.restore(first, 0o755, 0o644)
	second.refused("has mode 0755, which lets others in", "chmod 0700")

	fix := strings.Fields(strings.TrimSpace(readFile(t, filepath.Join(examplesDir(), "guides", "ci-cd", "restore-modes.sh"))))
	if want := []string{"chmod", "-R", "go=", `"$APPYPIE_TOKEN_STORE_PATH"`}; !slices.Equal(fix, want) {
		t.Fatalf("the guide says %q, want %q", fix, want)
	}
	fix[3] = second.store()
	if output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), "", os.Environ(), fix[0], fix[1:]...)); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	second.plan(tfrun.PlanChanges)
	if stats := env.Sim.TokenStats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("the second machine did not go on with the login of the first: %+v", stats)
	}
}

// A job that gets an older cache than the last one, or none, spends a spent token:
// the login ends, and the error says what helps.
func TestCacheThatIsTooOld(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]func(next, last runner){
		"older cache": func(next, last runner) { next.restore(last, 0o700, 0o600) },
		"no cache":    func(runner, runner) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			first := newRunner(t, env, oneConnect(t))
			first.plan(tfrun.PlanChanges)
			second := newRunner(t, env, oneConnect(t))
			keep(second, first)
			env.Sim.ExpireAccessTokens()
			first.plan(tfrun.PlanChanges)
			env.Sim.ExpireAccessTokens()
			second.refused("refuses its refresh token", "appypie login")
		})
	}
}

// A variable that is not ephemeral is written into the plan, with its value, and
// the apply uses that value. An ephemeral one is in no plan, and the apply takes
// the one of its own machine. So does the environment.
func TestAccessTokenInAPlan(t *testing.T) {
	t.Parallel()
	const declared = "variable \"connect_token\" {\n  type = string\n  %s = true\n}\n\nprovider \"appypie\" {\n  access_token = var.connect_token\n}\n\n"
	for name, one := range map[string]struct {
		head, variable string
		written        bool
	}{
		"sensitive variable":   {strings.Replace(declared, "%s", "sensitive", 1), "TF_VAR_connect_token", true},
		"ephemeral variable":   {strings.Replace(declared, "%s", "ephemeral", 1), "TF_VAR_connect_token", false},
		"environment variable": {"", "APPYPIE_ACCESS_TOKEN", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			token := env.Sim.IssueAccessToken()
			planned := withoutLogin(t, env, one.head+oneConnect(t), one.variable+"="+token)
			planned.plan(tfrun.PlanChanges)
			if written := inPlan(t, filepath.Join(planned.Dir, tfrun.PlanFile), token); written != one.written {
				t.Errorf("the token is in the plan: %t, want %t", written, one.written)
			}
			env.Sim.ExpireAccessTokens()
			applied := withoutLogin(t, env, one.head+oneConnect(t), one.variable+"="+env.Sim.IssueAccessToken())
			applied.take(planned, tfrun.PlanFile)
			output, err := applied.Apply(t.Context())
			if (err != nil) != one.written {
				t.Errorf("the apply on another machine, with a new token: %v\n%s", err, output)
			}
		})
	}
}

// inPlan reports whether a saved plan holds a text.
func inPlan(t *testing.T, file, text string) bool {
	t.Helper()
	plan, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	for _, part := range plan.File {
		reader, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}
