package main

import (
	"os"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// smallRelease is a release whose programs are a few bytes: enough for all that a
// registry looks at.
type smallRelease struct {
	files

	t    *testing.T
	key  *openpgp.Entity
	name string // of the provider's archive
}

func newSmallRelease(t *testing.T) *smallRelease {
	t.Helper()
	c, err := readConfig(root)
	if err != nil {
		t.Fatal(err)
	}
	key, err := throwAwayKey()
	if err != nil {
		t.Fatal(err)
	}
	target := platform{"linux", "amd64"}
	s := &smallRelease{files: files{config: c, dir: t.TempDir(), version: testVersion, platforms: []platform{target}}, t: t, key: key}
	s.write("manifest.json", read(t, manifestFile))
	s.write("program", "#!/bin/true")
	s.name = "terraform-provider-appypie_1.2.3_linux_amd64.zip"
	s.pack(s.name, entry{"LICENSE", s.path("program"), 0o644}, entry{"terraform-provider-appypie_v1.2.3", s.path("program"), 0o755})
	s.pack("appypie_1.2.3_linux_amd64.zip", entry{"appypie", s.path("program"), 0o755})
	s.sum("appypie_1.2.3_linux_amd64.zip"+sideSuffix, "appypie_1.2.3_linux_amd64.zip")
	s.write("terraform-provider-appypie_1.2.3_manifest.json", read(t, manifestFile))
	s.seal(s.name, "terraform-provider-appypie_1.2.3_manifest.json")
	return s
}

func (s *smallRelease) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *smallRelease) write(name, text string) {
	s.t.Helper()
	s.must(os.WriteFile(s.path(name), []byte(text), 0o600)) //nolint:gosec // a file of the test's own folder.
}

func (s *smallRelease) pack(name string, entries ...entry) {
	s.t.Helper()
	s.must(writeArchive(s.path(name), entries))
}

func (s *smallRelease) sum(list string, names ...string) {
	s.t.Helper()
	s.must(writeSums(s.dir, list, names))
}

// seal lists files and signs the list.
func (s *smallRelease) seal(names ...string) {
	s.t.Helper()
	const sums = "terraform-provider-appypie_1.2.3_SHA256SUMS"
	s.sum(sums, names...)
	s.must(sign(s.key, s.path(sums)))
}

// A release that is as it should be is taken; each fault has its own refusal, and
// no other.
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
		"no list":          {func(s *smallRelease) { s.must(os.Remove(s.path(sums))) }, "there is no list of checksums"},
		"a sum too many": {func(s *smallRelease) {
			s.seal(s.name, manifest, "appypie_1.2.3_linux_amd64.zip")
		}, sums + " lists appypie_1.2.3_linux_amd64.zip, which is neither"},
		"a sum too few":     {func(s *smallRelease) { s.seal(manifest) }, "does not list " + "terraform-provider-appypie_1.2.3_linux_amd64.zip"},
		"manifest unsummed": {func(s *smallRelease) { s.seal(s.name) }, "does not list " + manifest},
		"a sum twice":       {func(s *smallRelease) { s.seal(s.name, s.name, manifest) }, "twice"},
		"no sum at all": {func(s *smallRelease) {
			list, err := os.ReadFile(s.path(sums))
			s.must(err)
			s.write(sums, string(list)+"what is this\n")
			s.must(sign(s.key, s.path(sums)))
		}, "not a checksum and a name"},
		"another content": {func(s *smallRelease) {
			s.pack(s.name, entry{program, s.path("manifest.json"), 0o755})
		}, "has the checksum"},
		"archive of another version": {func(s *smallRelease) {
			s.must(os.Rename(s.path(s.name), s.path("terraform-provider-appypie_1.2.4_linux_amd64.zip")))
		}, "is not named terraform-provider-appypie_1.2.3_OS_ARCH.zip"},
		"platform nobody builds": {func(s *smallRelease) {
			s.pack("terraform-provider-appypie_1.2.3_plan9_amd64.zip", entry{program, s.path("program"), 0o755})
		}, "terraform-provider-appypie_1.2.3_plan9_amd64.zip is not named"},
		"binary without its version": {func(s *smallRelease) {
			s.pack(s.name, entry{"terraform-provider-appypie", s.path("program"), 0o755})
			s.seal(s.name, manifest)
		}, "does not hold " + program},
		"binary in a folder": {func(s *smallRelease) {
			s.pack(s.name, entry{"bin/" + program, s.path("program"), 0o755})
			s.seal(s.name, manifest)
		}, "does not hold " + program},
		"binary that cannot start": {func(s *smallRelease) {
			s.pack(s.name, entry{program, s.path("program"), 0o644})
			s.seal(s.name, manifest)
		}, "cannot be started"},
		"a file too many": {func(s *smallRelease) {
			s.pack(s.name, entry{program, s.path("program"), 0o755}, entry{"token.json", s.path("program"), 0o644})
			s.seal(s.name, manifest)
		}, "token.json, which does not belong there"},
		"no archive": {func(s *smallRelease) {
			s.write(s.name, "no zip")
			s.seal(s.name, manifest)
		}, "open " + "terraform-provider-appypie_1.2.3_linux_amd64.zip"},
		"no manifest": {func(s *smallRelease) {
			s.seal(s.name)
			s.must(os.Remove(s.path(manifest)))
		}, "there is no manifest"},
		"manifest of protocol 5": {func(s *smallRelease) {
			s.write(manifest, `{"version": 1, "metadata": {"protocol_versions": ["5.0"]}}`)
			s.seal(s.name, manifest)
		}, "this provider speaks 6.0"},
		"manifest that is none": {func(s *smallRelease) {
			s.write(manifest, "6.0")
			s.seal(s.name, manifest)
		}, manifest + ", made of"},
		"no signature": {func(s *smallRelease) { s.must(os.Remove(s.path(sums + ".sig"))) }, "not signed"},
		"signed by somebody else": {func(s *smallRelease) {
			other, err := throwAwayKey()
			s.must(err)
			s.must(sign(other, s.path(sums)))
		}, "does not sign"},
		"changed after it was signed": {func(s *smallRelease) {
			list, err := os.ReadFile(s.path(sums))
			s.must(err)
			s.write(sums, strings.Replace(string(list), "linux_amd64", "linux_arm64", 1))
		}, "does not sign"},
		"companion without a sum": {func(s *smallRelease) {
			s.must(os.Remove(s.path("appypie_1.2.3_linux_amd64.zip.sha256")))
		}, "appypie_1.2.3_linux_amd64.zip has no checksum"},
		"companion with a wrong sum": {func(s *smallRelease) {
			s.sum("appypie_1.2.3_linux_amd64.zip.sha256", "program")
		}, "appypie_1.2.3_linux_amd64.zip.sha256 says"},
		"bill of materials without a sum": {func(s *smallRelease) { s.write(s.name+".sbom.json", "{}") }, ".sbom.json has no checksum"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSmallRelease(t)
			one.fault(s)
			err := s.refusals(openpgp.EntityList{s.key})
			switch {
			case one.refusal == "" && err != nil:
				t.Errorf("refused: %v", err)
			case one.refusal != "" && (err == nil || !strings.Contains(err.Error(), one.refusal)):
				t.Errorf("want %q, got: %v", one.refusal, err)
			}
		})
	}
}
