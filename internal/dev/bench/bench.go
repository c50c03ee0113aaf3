package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// configurations are what Terraform applies, in either form.
//
//go:embed configuration
var configurations embed.FS

// bench is one run of the benchmark.
type bench struct {
	settings

	space    *tfrun.Workspace
	progress io.Writer
}

// subject is a provider under measurement.
type subject struct {
	name string
	// program is its binary; the file name is what the launcher looks for.
	program string
	// environment gives it credentials and whatever else it needs.
	environment func(*site, *tfrun.Workspace) []string
}

// Names of the subjects as tables show them: the provider at the baseline, the
// provider of this source, and the floor provider.
const (
	nameOld   = "old"
	nameNew   = "new"
	nameFloor = "floor"
)

func (b *bench) say(format string, args ...any) {
	_, _ = fmt.Fprintf(b.progress, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// program is where a built program lies.
func (b *bench) program(folder, name string) string {
	return b.space.Path("bin", folder, tfrun.Executable(name))
}

// build compiles everything that runs as a process of its own: the service too,
// so that its work counts for no side. There is one service for all.
func (b *bench) build(ctx context.Context) error {
	b.say("building")
	const other = "./internal/dev/bench/cmd/provider"
	provider := "."
	if b.profile != "" {
		provider = other
	}
	for target, pkg := range map[string]string{
		b.program(nameNew, "provider"):   provider,
		b.program(nameFloor, "provider"): other,
		b.program("tools", "launcher"):   "./internal/dev/bench/cmd/launcher",
		b.program("tools", "appypie"):    "./cmd/appypie",
	} {
		if err := tfrun.Build(ctx, target, pkg, b.buildFlags...); err != nil {
			return err
		}
	}
	if b.baseline != "" {
		if err := b.buildBaseline(ctx); err != nil {
			return err
		}
	}
	// Terraform wants its CLI configuration even to tell its version.
	return b.space.InstallProvider(b.program(nameNew, "provider"))
}

// buildBaseline compiles the provider of another commit, whose files it puts into
// the benchmark's folder.
func (b *bench) buildBaseline(ctx context.Context) error {
	source, err := tfrun.ModuleDir(ctx)
	if err != nil {
		return err
	}
	commit, err := tfrun.MustCall(ctx, tfrun.Command(ctx, source, os.Environ(), "git", "rev-parse", "--short", "--verify", b.baseline+"^{commit}"))
	if err != nil {
		return err
	}
	// The results must tell what they compare with when the name has moved on.
	b.baseline = strings.TrimSpace(commit)
	b.say("building the baseline %s", b.baseline)
	tree := b.space.Path("baseline")
	if err := os.MkdirAll(tree, 0o700); err != nil {
		return err
	}
	build := append(append([]string{"go", "build"}, b.buildFlags...), "-o", b.program(nameOld, "provider"), ".")
	for _, step := range []struct {
		dir  string
		args []string
	}{
		{source, []string{"git", "archive", "--output", tree + ".tar", b.baseline}},
		{tree, []string{"tar", "-xf", tree + ".tar"}},
		{tree, build},
	} {
		if _, err := tfrun.MustCall(ctx, tfrun.Command(ctx, step.dir, os.Environ(), step.args[0], step.args[1:]...)); err != nil {
			return err
		}
	}
	return nil
}

// subjects are the providers to compare.
func (b *bench) subjects() []subject {
	list := []subject{b.provider(nameNew), b.floor("")}
	if b.baseline != "" {
		list = append([]subject{b.provider(nameOld)}, list...)
	}
	return list
}

// provider is the real provider, of this source or of the baseline. It logs in
// with a refresh token, as most users do.
func (b *bench) provider(name string) subject {
	return subject{name: name, program: b.program(name, "provider"), environment: func(s *site, space *tfrun.Workspace) []string {
		return append(s.service.environment(), "APPYPIE_TOKEN_STORE_PATH="+space.Path("tokens"))
	}}
}

// floor is the floor provider, without groups of its schema.
func (b *bench) floor(without string) subject {
	return subject{name: nameFloor, program: b.program(nameFloor, "provider"), environment: func(s *site, _ *tfrun.Workspace) []string {
		return []string{"APPYPIE_API_URL=" + s.service.APIURL, "APPYPIE_ACCESS_TOKEN=" + s.token, "FLOOR_WITHOUT=" + without}
	}}
}

// site is a subject at work: a service and a folder with a configuration that
// are its own.
type site struct {
	subject subject
	service *service
	// token is outside the login of the real provider.
	token string
	tf    *tfrun.Terraform
	usage string
	// profiles is the folder for profiles, whose subfolders are the phases; the
	// provider of this source alone heeds it. Empty takes none.
	profiles string
}

// open prepares a site in a folder below the benchmark's and initializes it.
func (b *bench) open(ctx context.Context, folder string, who subject, size scale, latency time.Duration) (*site, error) {
	space := tfrun.NewWorkspace(b.space.Path(folder))
	if err := space.InstallProvider(b.program("tools", "launcher"), who.program); err != nil {
		return nil, err
	}
	running, err := startService(ctx, space, b.program("tools", "appypie"), "--latency="+latency.String(), "--access-token-life=24h")
	if err != nil {
		return nil, err
	}
	s := &site{subject: who, service: running, usage: space.Path("usage")}
	if b.profile != "" {
		s.profiles = filepath.Join(b.profile, size.String())
	}
	if err := s.configure(ctx, space, size, b.program("tools", "appypie")); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) configure(ctx context.Context, space *tfrun.Workspace, size scale, companion string) error {
	match, err := s.login(ctx, space, companion)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.usage, 0o700); err != nil {
		return err
	}
	files, err := fs.Sub(configurations, "configuration/"+size.form())
	if err == nil {
		err = os.CopyFS(space.Path("project"), files)
	}
	if err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if s.tf, err = tfrun.FindTerraform(ctx, space, space.Path("project")); err != nil {
		return err
	}
	s.tf.Environment = append(s.tf.Environment, s.subject.environment(s, space)...)
	// The framework writes logs that nobody asked for, unless it is told not to; the
	// released provider tells it so itself.
	s.tf.Environment = append(s.tf.Environment, "TF_VAR_connects="+strconv.Itoa(size.connects), "TF_VAR_match="+match, "USAGE_DIR="+s.usage,
		"TF_LOG_SDK=OFF", "TF_LOG_SDK_PROTO=OFF", "TF_LOG_SDK_FRAMEWORK=OFF")
	_, err = s.tf.Run(ctx, "init", "-input=false")
	return err
}

// close ends the service. That it had to be killed changes no measurement.
func (s *site) close() { _ = s.service.process.Stop() }

func closeAll(sites []*site) {
	for _, s := range sites {
		s.close()
	}
}
