package release

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/zip"
)

// Both programs are for every platform, need no library, and know their version.
func TestProgramsAreBuiltAlike(t *testing.T) {
	t.Parallel()
	n := names(t, testVersion)
	for _, p := range []program{n.provider, n.companion} {
		if !slices.Equal(p.targets, n.provider.targets) {
			t.Errorf("%s is built for %v, the provider for %v", p.binary, p.targets, n.provider.targets)
		}
		if !slices.Contains(p.env, "CGO_ENABLED=0") || !slices.Contains(p.flags, "-trimpath") || !strings.Contains(strings.Join(p.ldflags, " "), "-X main.version="+testVersion) {
			t.Errorf("%s is built with %q, %q and %q", p.binary, p.env, p.flags, p.ldflags)
		}
		if !slices.Equal(p.files, []string{"LICENSE"}) {
			t.Errorf("%s is packed with %q", p.binary, p.files)
		}
	}
	known := run(t, root, os.Environ(), "go", "tool", "dist", "list")
	for _, one := range n.provider.targets {
		if !strings.Contains(known, strings.Replace(one, "_", "/", 1)+"\n") {
			t.Errorf("Go does not build for %s", one)
		}
	}
	for _, needed := range []string{"darwin_arm64", "freebsd_amd64", "linux_s390x", "windows_arm64"} {
		if !slices.Contains(n.provider.targets, needed) {
			t.Errorf("nothing is built for %s", needed)
		}
	}
}

// The signed list is for the registries; all else has a checksum beside it.
func TestWhatIsSignedAndSummed(t *testing.T) {
	t.Parallel()
	c := readConfig(t)
	if !slices.Equal(c.Checksum.IDs, []string{"provider"}) {
		t.Errorf("the signed list holds %q, not the provider alone", c.Checksum.IDs)
	}
	var made []string
	for _, s := range c.Signs {
		made = append(made, strings.Join(append([]string{s.Artifacts, s.Signature}, s.IDs...), " "))
	}
	if want := []string{"checksum ", "archive ${artifact}" + sideSuffix + " companion", "sbom ${artifact}" + sideSuffix}; !slices.Equal(made, want) {
		t.Errorf("GoReleaser signs and sums %q, want %q", made, want)
	}
}

// `go install …/cmd/appypie@latest` refuses a module with either directive, and one
// that has a file which some system cannot store, such as one named nul.
func TestCompanionCanBeInstalledByGo(t *testing.T) {
	t.Parallel()
	checked, err := zip.CheckDir(root)
	if len(checked.Valid) == 0 {
		t.Errorf("no file was found: %v", err)
	}
	for _, invalid := range checked.Invalid {
		t.Errorf("%s cannot be in a module: %v", invalid.Path, invalid.Err)
	}
	if found := regexp.MustCompile(`(?m)^(replace|exclude)\b.*`).FindString(read(t, "go.mod")); found != "" {
		t.Errorf("go.mod has %q", found)
	}
}

func TestManifestNamesTheProtocol(t *testing.T) {
	t.Parallel()
	if manifest := read(t, manifestFile); !strings.Contains(manifest, `"protocol_versions": ["6.0"]`) {
		t.Errorf("the registries would take the provider for one of protocol 5:\n%s", manifest)
	}
	if !strings.Contains(read(t, "internal/provider/serve.go"), "tf6server.Serve") {
		t.Error("the provider does not serve protocol 6")
	}
}

// A tag can be moved to other code, a commit cannot.
func TestWorkflowsPinWhatTheyUse(t *testing.T) {
	t.Parallel()
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	seen := map[string]string{}
	for name, text := range workflows(t) {
		if !strings.Contains(text, "\npermissions:\n  contents: read\n") {
			t.Errorf("%s starts with more than the permission to read", name)
		}
		for line := range strings.Lines(text) {
			_, action, uses := strings.Cut(line, "uses: ")
			if !uses {
				continue
			}
			action = strings.TrimSpace(action)
			if !pinned.MatchString(action) {
				t.Errorf("%s uses %s, not a full commit hash with its version", name, action)
			}
			of, _, _ := strings.Cut(action, "@")
			if seen[of] != "" && seen[of] != action {
				t.Errorf("%s is used as %s and as %s", of, seen[of], action)
			}
			seen[of] = action
		}
	}
	if len(seen) < 5 {
		t.Errorf("the test found only %d actions", len(seen))
	}
}

// Targets of make and named tests come and go; the workflows have to follow.
func TestWorkflowsNameWhatExists(t *testing.T) {
	t.Parallel()
	makefile := read(t, "GNUmakefile")
	named := read(t, ".pre-commit-config.yaml") + read(t, "CONTRIBUTING.md") + read(t, "AGENTS.md") + read(t, ".github/PULL_REQUEST_TEMPLATE.md")
	for _, text := range workflows(t) {
		named += text
	}
	targets := regexp.MustCompile("(?m)(?:`|run: |entry: |make testacc .*\" )make ([a-z-]+)").FindAllStringSubmatch(named, -1)
	for _, match := range targets {
		if !strings.Contains(makefile, "\n"+match[1]+":") {
			t.Errorf("there is no target %s", match[1])
		}
	}
	if len(targets) < 10 {
		t.Errorf("the test found only %d targets", len(targets))
	}
	tests := regexp.MustCompile(`PKG=\./(\S+) TESTARGS='-run (\w+)`).FindAllStringSubmatch(named, -1)
	for _, match := range tests {
		if !strings.Contains(testsOf(t, match[1]), "\nfunc "+match[2]) {
			t.Errorf("%s has no test %s", match[1], match[2])
		}
	}
	if len(tests) < 2 {
		t.Errorf("the test found only %d tests", len(tests))
	}
}

// testsOf is the source of all tests of a package.
func testsOf(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, file := range files {
		text += read(t, folder+"/"+filepath.Base(file))
	}
	return text
}

// The tools that are pinned twice are pinned alike.
func TestToolsArePinnedAlike(t *testing.T) {
	t.Parallel()
	pins := read(t, "mise.toml")
	for _, pin := range []struct{ name, file, pattern string }{
		{"terraform", "GNUmakefile", `TERRAFORM_VERSION := (\S+)`},
		{"golangci-lint", "tools/go.mod", `golangci/golangci-lint/v2 v(\S+)`},
	} {
		match := regexp.MustCompile(pin.pattern).FindStringSubmatch(read(t, pin.file))
		if len(match) < 2 || !strings.Contains(pins, pin.name+` = "`+match[1]+`"`) {
			t.Errorf("mise.toml pins another %s than %s: %q", pin.name, pin.file, match)
		}
	}
	releaser := regexp.MustCompile(`GORELEASER_VERSION := (\S+)`).FindStringSubmatch(read(t, "GNUmakefile"))
	if len(releaser) < 2 || !strings.Contains(read(t, ".github/workflows/release.yml"), "\n          version: v"+releaser[1]+"\n") {
		t.Errorf("the workflow does not release with the GoReleaser of GNUmakefile, %q", releaser)
	}
	if !strings.Contains(pins, "\ngo = \"1.26.") || !strings.Contains(read(t, "go.mod"), "\ngo 1.26.") {
		t.Error("mise.toml and go.mod disagree about Go")
	}
}

func workflows(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*.yml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no workflows (%v)", err)
	}
	texts := map[string]string{}
	for _, file := range files {
		texts[filepath.Base(file)] = read(t, ".github/workflows/"+filepath.Base(file))
	}
	return texts
}
