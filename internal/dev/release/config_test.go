package release

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// configFile is what GoReleaser reads too, so that both build the same.
const configFile = ".goreleaser.yml"

// root is the folder of the module, as the tests of this package see it.
const root = "../../.."

// config is the part of .goreleaser.yml that decides on names and bytes.
type config struct {
	Project string `yaml:"project_name"`
	Builds  []struct {
		ID, Main, Binary             string
		Env, Flags, Ldflags, Targets []string
	}
	Archives []struct {
		IDs   []string
		Name  string `yaml:"name_template"`
		Files []struct {
			Source string `yaml:"src"`
		}
	}
	Checksum struct {
		IDs   []string
		Name  string `yaml:"name_template"`
		Extra []struct {
			Glob string
			Name string `yaml:"name_template"`
		} `yaml:"extra_files"`
	}
	Signs []struct {
		Artifacts, Signature string
		IDs                  []string
	}
}

// program is a command of this module that is released, with its templates filled
// in but for the platform.
type program struct {
	main, binary, archive               string
	env, flags, ldflags, targets, files []string
}

// naming is what a release calls its files.
type naming struct {
	project, version, sums, manifest string
	provider, companion              program
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func readConfig(t *testing.T) config {
	t.Helper()
	var c config
	if err := yaml.Unmarshal([]byte(read(t, configFile)), &c); err != nil {
		t.Fatalf("%s: %v", configFile, err)
	}
	if len(c.Builds) != 2 || len(c.Archives) != 2 || len(c.Checksum.Extra) != 1 {
		t.Fatalf("%s has %d builds, %d archives and %d extra files in its checksums; there must be the provider and the companion, and the manifest",
			configFile, len(c.Builds), len(c.Archives), len(c.Checksum.Extra))
	}
	return c
}

// names are what a release of a version is made of.
func names(t *testing.T, version string) naming {
	t.Helper()
	c := readConfig(t)
	// GoReleaser knows more fields; one that is used and not known here stays as it
	// is, and no file has such a name.
	render := strings.NewReplacer("{{ .ProjectName }}", c.Project, "{{ .Version }}", version).Replace
	n := naming{project: c.Project, version: version, sums: render(c.Checksum.Name), manifest: render(c.Checksum.Extra[0].Name)}
	for i, into := range []*program{&n.provider, &n.companion} {
		build, archive := c.Builds[i], c.Archives[i]
		if want := []string{"provider", "companion"}[i]; build.ID != want || !slices.Equal(archive.IDs, []string{want}) {
			t.Fatalf("%s: build %s is packed with %q, want %s alone", configFile, build.ID, archive.IDs, want)
		}
		*into = program{
			main: build.Main, binary: render(build.Binary), archive: render(archive.Name) + ".zip",
			env: build.Env, flags: build.Flags, targets: build.Targets,
		}
		for _, flags := range build.Ldflags {
			into.ldflags = append(into.ldflags, render(flags))
		}
		for _, file := range archive.Files {
			into.files = append(into.files, file.Source)
		}
	}
	return n
}

// host is the platform of this machine, as GoReleaser and the registries name it.
const host = runtime.GOOS + "_" + runtime.GOARCH

// archiveFor is the name of the archive for a platform.
func (p program) archiveFor(target string) string {
	system, architecture, _ := strings.Cut(target, "_")
	return strings.NewReplacer("{{ .Os }}", system, "{{ .Arch }}", architecture).Replace(p.archive)
}

// executable is the file name of the program in the archive for a platform.
func (p program) executable(target string) string {
	if strings.HasPrefix(target, "windows_") {
		return p.binary + ".exe"
	}
	return p.binary
}
