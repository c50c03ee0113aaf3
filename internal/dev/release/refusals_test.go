package release

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// smallRelease is a release whose programs are a few bytes: enough for all that a
// registry looks at.
type smallRelease struct {
	files

	t    *testing.T
	name string // of the provider's archive
}

func newSmallRelease(t *testing.T) *smallRelease {
	t.Helper()
	const companion = "appypie_1.2.3_linux_amd64.zip"
	s := &smallRelease{t: t, name: "terraform-provider-appypie_1.2.3_linux_amd64.zip", files: files{
		naming: names(t, testVersion), dir: t.TempDir(), platforms: []string{"linux_amd64"}, keys: openpgp.EntityList{throwAwayKey(t)},
	}}
	s.write("program", "#!/bin/true")
	s.pack(0o755, "LICENSE", "terraform-provider-appypie_v1.2.3")
	s.zip(t, companion, 0o755, map[string]string{"appypie": s.path("program")})
	s.list(t, companion+sideSuffix, companion)
	s.copyManifest(t)
	s.seal(s.name, s.manifest)
	return s
}

func (s *smallRelease) write(name, text string) {
	s.t.Helper()
	write(s.t, s.path(name), text)
}

func (s *smallRelease) remove(name string) {
	s.t.Helper()
	if err := os.Remove(s.path(name)); err != nil {
		s.t.Fatal(err)
	}
}

// pack writes the provider's archive with entries that are all the same program.
func (s *smallRelease) pack(mode os.FileMode, entries ...string) {
	s.t.Helper()
	packed := map[string]string{}
	for _, entry := range entries {
		packed[entry] = s.path("program")
	}
	s.zip(s.t, s.name, mode, packed)
}

// packAndSeal is pack, with a list that knows of it.
func (s *smallRelease) packAndSeal(mode os.FileMode, entries ...string) {
	s.t.Helper()
	s.pack(mode, entries...)
	s.seal(s.name, s.manifest)
}

// seal lists files and signs the list.
func (s *smallRelease) seal(names ...string) {
	s.t.Helper()
	s.list(s.t, s.sums, names...)
	s.sign(s.t, s.keys[0])
}

// changeList edits the list.
func (s *smallRelease) changeList(edit func(string) string) {
	s.t.Helper()
	list, err := os.ReadFile(s.path(s.sums))
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(s.sums, edit(string(list)))
}

// A release that is as it should be is taken; each fault has its own refusal.
func TestRefusalsOfARegistry(t *testing.T) {
	t.Parallel()
	const (
		sums     = "terraform-provider-appypie_1.2.3_SHA256SUMS"
		manifest = "terraform-provider-appypie_1.2.3_manifest.json"
		program  = "terraform-provider-appypie_v1.2.3"
	)
	for name, one := range map[string]struct {
		fault   func(s *smallRelease)
		refusal string
	}{
		"nothing is wrong": {func(*smallRelease) {}, ""},
		"no number":        {func(s *smallRelease) { s.version = "1.2" }, `"1.2" is not a number without v`},
		"no list":          {func(s *smallRelease) { s.remove(sums) }, "there is no list of checksums"},
		"a sum too many": {func(s *smallRelease) {
			s.seal(s.name, manifest, "appypie_1.2.3_linux_amd64.zip")
		}, sums + " lists appypie_1.2.3_linux_amd64.zip, which is neither"},
		"a sum too few":     {func(s *smallRelease) { s.seal(manifest) }, "does not list terraform-provider-appypie_1.2.3_linux_amd64.zip"},
		"manifest unsummed": {func(s *smallRelease) { s.seal(s.name) }, "does not list " + manifest},
		"a sum twice":       {func(s *smallRelease) { s.seal(s.name, s.name, manifest) }, "twice"},
		"no sum at all": {func(s *smallRelease) {
			s.changeList(func(list string) string { return list + "what is this\n" })
			s.sign(s.t, s.keys[0])
		}, "not a checksum and a name"},
		"another content": {func(s *smallRelease) { s.pack(0o755, program) }, "has the checksum"},
		"archive of another version": {func(s *smallRelease) {
			s.write("terraform-provider-appypie_1.2.4_linux_amd64.zip", "")
		}, "is not named terraform-provider-appypie_1.2.3_OS_ARCH.zip"},
		"platform nobody builds": {func(s *smallRelease) {
			s.write("terraform-provider-appypie_1.2.3_plan9_amd64.zip", "")
		}, "terraform-provider-appypie_1.2.3_plan9_amd64.zip is not named"},
		"archive that is listed and gone": {func(s *smallRelease) { s.remove(s.name) }, "lists terraform-provider-appypie_1.2.3_linux_amd64.zip: open"},
		"binary without its version":      {func(s *smallRelease) { s.packAndSeal(0o755, "terraform-provider-appypie") }, "does not hold " + program},
		"binary in a folder":              {func(s *smallRelease) { s.packAndSeal(0o755, "bin/"+program) }, "does not hold " + program},
		"binary that cannot start":        {func(s *smallRelease) { s.packAndSeal(0o644, program) }, "cannot be started"},
		"a file too many":                 {func(s *smallRelease) { s.packAndSeal(0o755, program, "token.json") }, "token.json, which does not belong there"},
		"no archive": {func(s *smallRelease) {
			s.write(s.name, "no zip")
			s.seal(s.name, manifest)
		}, "open terraform-provider-appypie_1.2.3_linux_amd64.zip"},
		"no manifest": {func(s *smallRelease) {
			s.seal(s.name)
			s.remove(manifest)
		}, "there is no manifest"},
		"manifest of protocol 5": {func(s *smallRelease) {
			s.write(manifest, `{"version": 1, "metadata": {"protocol_versions": ["5.0"]}}`)
			s.seal(s.name, manifest)
		}, "this provider speaks 6.0"},
		"manifest that is none": {func(s *smallRelease) {
			s.write(manifest, "6.0")
			s.seal(s.name, manifest)
		}, manifest + ", made of"},
		"no signature":            {func(s *smallRelease) { s.remove(sums + signatureSuffix) }, "not signed"},
		"signed by somebody else": {func(s *smallRelease) { s.sign(s.t, throwAwayKey(s.t)) }, "does not sign"},
		"changed after it was signed": {func(s *smallRelease) {
			s.changeList(func(list string) string { return strings.Replace(list, "linux_amd64", "linux_arm64", 1) })
		}, "does not sign"},
		"companion without a sum": {func(s *smallRelease) {
			s.remove("appypie_1.2.3_linux_amd64.zip.sha256")
		}, "appypie_1.2.3_linux_amd64.zip has no checksum"},
		"companion with a wrong sum": {func(s *smallRelease) {
			s.list(s.t, "appypie_1.2.3_linux_amd64.zip.sha256", "program")
		}, "appypie_1.2.3_linux_amd64.zip.sha256 says"},
		"bill of materials without a sum": {func(s *smallRelease) { s.write(s.name+".sbom.json", "{}") }, ".sbom.json has no checksum"},
		"unsigned snapshot": {func(s *smallRelease) {
			s.remove("appypie_1.2.3_linux_amd64.zip.sha256")
			s.alone = true
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSmallRelease(t)
			one.fault(s)
			got := s.refusals()
			switch {
			case one.refusal == "" && len(got) > 0:
				t.Errorf("refused: %q", got)
			case one.refusal != "" && !slices.ContainsFunc(got, func(problem string) bool { return strings.Contains(problem, one.refusal) }):
				t.Errorf("want %q, got: %q", one.refusal, got)
			}
		})
	}
}
