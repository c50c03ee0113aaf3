package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/zip"
)

const manifestFile = "terraform-registry-manifest.json"

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

// Both programs are for every platform, need no library, and know their version.
func TestProgramsAreBuiltAlike(t *testing.T) {
	t.Parallel()
	provider, companion := releasedProgram(t, "provider"), releasedProgram(t, "companion")
	for _, p := range []program{provider, companion} {
		if !slices.Equal(p.platforms(), provider.platforms()) {
			t.Errorf("%s is built for %v, the provider for %v", p.build.ID, p.platforms(), provider.platforms())
		}
		if !slices.Contains(p.build.Env, "CGO_ENABLED=0") || !slices.Contains(p.build.Flags, "-trimpath") || !strings.Contains(strings.Join(p.build.Ldflags, " "), "-X main.version=") {
			t.Errorf("%s is built with %q, %q and %q", p.build.ID, p.build.Env, p.build.Flags, p.build.Ldflags)
		}
		if !slices.Equal(p.files, []string{"LICENSE"}) {
			t.Errorf("%s is packed with %q", p.build.ID, p.files)
		}
	}
	known, err := exec.CommandContext(t.Context(), "go", "tool", "dist", "list").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range provider.platforms() {
		if !strings.Contains(string(known), one.os+"/"+one.arch+"\n") {
			t.Errorf("Go does not build for %s", one)
		}
	}
	for _, needed := range []platform{{"darwin", "arm64"}, {"freebsd", "amd64"}, {"linux", "s390x"}, {"windows", "arm64"}} {
		if !slices.Contains(provider.platforms(), needed) {
			t.Errorf("nothing is built for %s", needed)
		}
	}
}

// The signed list is for the registries; all else has a checksum beside it.
func TestWhatIsSignedAndSummed(t *testing.T) {
	t.Parallel()
	if provider, companion := releasedProgram(t, "provider"), releasedProgram(t, "companion"); !provider.summed || companion.summed {
		t.Error("the signed list holds not the provider alone")
	}
	c, err := readConfig(root)
	if err != nil {
		t.Fatal(err)
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

func TestVersionsThatNoFileCanCarryAreRefused(t *testing.T) {
	t.Parallel()
	for version, fine := range map[string]bool{
		"1.2.3": true, "1.2.3-rc.1": true, "0.0.0-SNAPSHOT-0f77777": true, "0f77777-dirty": false, "1.2": false, "": false, "v1.2.3": false, "../1.2.3": false, "1_2": false,
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
