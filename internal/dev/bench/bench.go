package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

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
	environment func(*service, *tfrun.Workspace) []string
}

// Names of the subjects as tables show them.
const (
	nameReal  = "real"
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
// so that its work counts for neither side.
func (b *bench) build(ctx context.Context) error {
	b.say("building")
	provider := "."
	if b.profile != "" {
		provider = "./internal/dev/bench/cmd/profiled"
	}
	for target, pkg := range map[string]string{
		b.program(nameReal, "provider"):  provider,
		b.program(nameFloor, "provider"): "./internal/dev/bench/cmd/floor",
		b.program("tools", "launcher"):   "./internal/dev/bench/cmd/launcher",
		b.program("tools", "appypie"):    "./cmd/appypie",
	} {
		if err := tfrun.Build(ctx, target, pkg, b.buildFlags...); err != nil {
			return err
		}
	}
	// Terraform wants its CLI configuration even to tell its version.
	return b.space.InstallProvider(b.program(nameReal, "provider"))
}

// real is the provider of this source. It logs in with a refresh token, as most
// users do.
func (b *bench) real() subject {
	return subject{
		name: nameReal, program: b.program(nameReal, "provider"),
		environment: func(s *service, space *tfrun.Workspace) []string {
			return []string{
				"APPYPIE_API_URL=" + s.info.APIURL,
				"APPYPIE_TOKEN_URL=" + s.info.TokenURL,
				"APPYPIE_CLIENT_ID=" + s.info.ClientID,
				"APPYPIE_CLIENT_SECRET=" + s.info.ClientSecret,
				"APPYPIE_REFRESH_TOKEN=" + s.info.RefreshToken,
				"APPYPIE_TOKEN_STORE_PATH=" + space.Path("tokens"),
			}
		},
	}
}

// profiles is the setting for a folder of profiles, which it makes. The real
// provider alone heeds it, and only when profiles are wanted.
func (b *bench) profiles(folder string) ([]string, error) {
	if b.profile == "" {
		return nil, nil
	}
	dir := filepath.Join(b.profile, folder)
	return []string{"PROFILE_DIR=" + dir}, makeFolder(dir)
}

// floor is the floor provider, without groups of its schema.
func (b *bench) floor(without string) subject {
	return subject{
		name: nameFloor, program: b.program(nameFloor, "provider"),
		environment: func(s *service, _ *tfrun.Workspace) []string {
			return []string{
				"APPYPIE_API_URL=" + s.info.APIURL, "APPYPIE_ACCESS_TOKEN=" + s.accessToken, "FLOOR_WITHOUT=" + without,
			}
		},
	}
}

// site is a subject at work: a service and a folder with a configuration that
// are its own.
type site struct {
	subject subject
	service *service
	tf      *tfrun.Terraform
	usage   string
	// environment is added to what the subject needs.
	environment []string
	// profiles gives a process the folder for its profiles in a phase.
	profiles func(phase string) ([]string, error)
}

// open prepares a site in a folder below the benchmark's and initializes it.
func (b *bench) open(ctx context.Context, folder string, who subject, size scale, latency time.Duration) (*site, error) {
	space := tfrun.NewWorkspace(b.space.Path(folder))
	if err := space.InstallProvider(b.program("tools", "launcher"), who.program); err != nil {
		return nil, err
	}
	running, err := b.startService(ctx, space, latency)
	if err != nil {
		return nil, err
	}
	s := &site{subject: who, service: running, environment: b.environment, usage: space.Path("usage"), profiles: func(phase string) ([]string, error) {
		return b.profiles(size.String() + "-" + phase)
	}}
	if err := s.configure(ctx, space, size); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) configure(ctx context.Context, space *tfrun.Workspace, size scale) error {
	match, err := s.service.matchID(ctx)
	if err != nil {
		return err
	}
	if err := makeFolder(s.usage); err != nil {
		return err
	}
	for name, text := range configuration(size, match) {
		file := space.Path("project", name)
		if err := makeFolder(filepath.Dir(file)); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return fmt.Errorf("write the configuration: %w", err)
		}
	}
	if s.tf, err = tfrun.FindTerraform(ctx, space, space.Path("project")); err != nil {
		return err
	}
	s.tf.Environment = append(s.tf.Environment, s.subject.environment(s.service, space)...)
	s.tf.Environment = append(append(s.tf.Environment, s.environment...), "USAGE_DIR="+s.usage)
	_, err = s.tf.Run(ctx, "init", "-input=false")
	return err
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	return nil
}

func (s *site) close() { s.service.stop() }

func closeAll(sites []*site) {
	for _, s := range sites {
		s.close()
	}
}
