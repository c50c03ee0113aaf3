package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// configFile is what GoReleaser reads too, so that both build the same.
const configFile = ".goreleaser.yml"

// config is the part of .goreleaser.yml that decides on names and bytes.
type config struct {
	Project  string        `yaml:"project_name"`
	Builds   []buildConfig `yaml:"builds"`
	Archives []struct {
		IDs   []string `yaml:"ids"`
		Name  string   `yaml:"name_template"`
		Files []struct {
			Source string `yaml:"src"`
		} `yaml:"files"`
	} `yaml:"archives"`
	Checksum struct {
		IDs   []string `yaml:"ids"`
		Name  string   `yaml:"name_template"`
		Extra []struct {
			Glob string `yaml:"glob"`
			Name string `yaml:"name_template"`
		} `yaml:"extra_files"`
	} `yaml:"checksum"`
	Signs []struct {
		Artifacts string   `yaml:"artifacts"`
		IDs       []string `yaml:"ids"`
		Signature string   `yaml:"signature"`
	} `yaml:"signs"`
}

type buildConfig struct {
	ID      string   `yaml:"id"`
	Main    string   `yaml:"main"`
	Binary  string   `yaml:"binary"`
	Env     []string `yaml:"env"`
	Flags   []string `yaml:"flags"`
	Ldflags []string `yaml:"ldflags"`
	Targets []string `yaml:"targets"`
}

// readConfig reads .goreleaser.yml in the folder of the module.
func readConfig(source string) (config, error) {
	var c config
	text, err := os.ReadFile(filepath.Join(filepath.Clean(source), configFile))
	if err != nil {
		return c, fmt.Errorf("read how a release is made: %w", err)
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("read %s: %w", configFile, err)
	}
	if len(c.Builds) == 0 || len(c.Checksum.Extra) != 1 {
		return c, fmt.Errorf("%s has %d builds and %d extra files in its checksums; there must be builds, and the manifest", configFile, len(c.Builds), len(c.Checksum.Extra))
	}
	return c, nil
}

// render fills in a template of the configuration. GoReleaser knows more fields;
// one that is used and not known here is an error.
func (c config) render(text, version string, target platform) (string, error) {
	parsed, err := template.New(configFile).Option("missingkey=error").Parse(text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", configFile, err)
	}
	var out strings.Builder
	fields := map[string]string{"ProjectName": c.Project, "Version": version, "Os": target.os, "Arch": target.arch}
	if err := parsed.Execute(&out, fields); err != nil {
		return "", fmt.Errorf("%s: %w", configFile, err)
	}
	return out.String(), nil
}

// program is a command of this module that is released.
type program struct {
	config

	build   buildConfig
	archive string // template of the archive's name, without its ending
	files   []string
	// summed reports whether its archives are in the signed list.
	summed bool
}

// programs pairs each build with its archive.
func (c config) programs() ([]program, error) {
	var all []program
	for _, build := range c.Builds {
		for _, archive := range c.Archives {
			if !slices.Equal(archive.IDs, []string{build.ID}) {
				continue
			}
			p := program{config: c, build: build, archive: archive.Name, summed: slices.Contains(c.Checksum.IDs, build.ID)}
			for _, file := range archive.Files {
				p.files = append(p.files, file.Source)
			}
			all = append(all, p)
		}
	}
	if len(all) != len(c.Builds) {
		return nil, fmt.Errorf("%s has %d builds and %d archives that hold exactly one of them", configFile, len(c.Builds), len(all))
	}
	return all, nil
}

// program finds the program of a build.
func (c config) program(id string) (program, error) {
	all, err := c.programs()
	if err != nil {
		return program{}, err
	}
	if i := slices.IndexFunc(all, func(p program) bool { return p.build.ID == id }); i >= 0 {
		return all[i], nil
	}
	return program{}, fmt.Errorf("%s has no build %s", configFile, id)
}

// archiveName is the file name of the archive for a platform.
func (p program) archiveName(version string, target platform) (string, error) {
	name, err := p.render(p.archive, version, target)
	return name + ".zip", err
}

// binary is the program's file name in the archive for a platform.
func (p program) binary(version string, target platform) (string, error) {
	name, err := p.render(p.build.Binary, version, target)
	return target.executable(name), err
}

// platforms are those that the program is built for.
func (p program) platforms() []platform {
	var all []platform
	for _, target := range p.build.Targets {
		system, architecture, _ := strings.Cut(target, "_")
		all = append(all, platform{system, architecture})
	}
	return all
}

// sumsName is the name of the list of checksums that is signed.
func (c config) sumsName(version string) (string, error) {
	return c.render(c.Checksum.Name, version, platform{})
}

// manifest is the file that tells a registry the protocol, and its name in a
// release.
func (c config) manifest(version string) (source, name string, err error) {
	name, err = c.render(c.Checksum.Extra[0].Name, version, platform{})
	return c.Checksum.Extra[0].Glob, name, err
}
