package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the folder of the module, as the tests of this package see it.
const root = "../../.."

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

// The dry release is worth something only while the real one builds the same.
func TestGoReleaserBuildsTheSamePlatforms(t *testing.T) {
	t.Parallel()
	config := read(t, ".goreleaser.yml")
	var released, built []string
	for _, match := range regexp.MustCompile(`(?m)^      - ([a-z]+_[a-z0-9]+)$`).FindAllStringSubmatch(config, -1) {
		released = append(released, match[1])
	}
	for _, one := range platforms() {
		built = append(built, one.String())
	}
	slices.Sort(released)
	slices.Sort(built)
	if !slices.Equal(released, built) {
		t.Errorf("GoReleaser builds %q, the dry release %q", released, built)
	}
	for _, common := range []string{"-trimpath", "-buildvcs=false", "-s -w -X main.version=", "CGO_ENABLED=0", manifestFile, licenseFile, "_SHA256SUMS", "_manifest.json"} {
		if !strings.Contains(config, common) {
			t.Errorf(".goreleaser.yml lacks %s, which the dry release has", common)
		}
	}
}

func TestManifestNamesTheProtocol(t *testing.T) {
	t.Parallel()
	if manifest := read(t, manifestFile); !strings.Contains(manifest, `"protocol_versions": ["6.0"]`) {
		t.Errorf("the registries would take the provider for one of protocol 5:\n%s", manifest)
	}
	if !strings.Contains(read(t, "main.go"), "providerserver.Serve") {
		t.Error("main.go does not serve the framework's protocol 6")
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
	named := read(t, ".pre-commit-config.yaml") + read(t, "CONTRIBUTING.md") + read(t, ".github/PULL_REQUEST_TEMPLATE.md")
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
	if !strings.Contains(pins, "\ngo = \"1.26.") || !strings.Contains(read(t, "go.mod"), "\ngo 1.26.") {
		t.Error("mise.toml and go.mod disagree about Go")
	}
}

func TestVersionsThatNoFileCanCarryAreRefused(t *testing.T) {
	t.Parallel()
	for version, fine := range map[string]bool{
		"1.2.3": true, "1.2.3-rc.1": true, "0f77777-dirty": true, "": false, "v1.2.3": false, "../1.2.3": false, "1_2": false,
	} {
		if err := checkVersion(version); (err == nil) != fine {
			t.Errorf("%q: %v", version, err)
		}
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
