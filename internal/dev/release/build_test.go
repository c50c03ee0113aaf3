package release

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"

	"github.com/appypie-community/terraform-provider-appypie/internal/dev/tfrun"
)

// testVersion is the release that the tests build.
const testVersion = "1.2.3"

// given is the folder of a release that GoReleaser has made; empty has the tests
// build one. They are read before a test forgets the environment.
var given, givenKey, givenVersion = os.Getenv("APPYPIE_RELEASE"), os.Getenv("APPYPIE_RELEASE_KEY"), os.Getenv("APPYPIE_RELEASE_VERSION")

// shared is the release that all tests read, made or taken once.
var shared struct {
	once sync.Once
	files
}

func TestMain(m *testing.M) {
	code := m.Run()
	if given == "" && shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// released is the release under test, signed. Building takes seconds, so it is left
// to the runs that start programs anyway.
func released(t *testing.T) *files {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("this test needs a release; set TF_ACC=1 to have it built")
	}
	shared.once.Do(func() {
		if given != "" {
			shared.files = taken(t)
			return
		}
		dir, err := os.MkdirTemp("", "appypie-release-test-") //nolint:usetesting // it outlives the test, because other tests read it too.
		if err != nil {
			t.Fatal(err)
		}
		f := files{naming: names(t, testVersion), dir: dir, platforms: []string{host}}
		f.pack(t, f.provider)
		f.pack(t, f.companion)
		f.list(t, f.companion.archiveFor(host)+sideSuffix, f.companion.archiveFor(host))
		f.copyManifest(t)
		f.list(t, f.sums, f.manifest, f.provider.archiveFor(host))
		f.keys = openpgp.EntityList{throwAwayKey(t)}
		f.sign(t, f.keys[0])
		shared.files = f
	})
	if shared.keys == nil {
		t.Fatal("another test could not make the release")
	}
	return &shared.files
}

// taken is a release of GoReleaser for all platforms. Its version is that of its
// list of checksums. What GoReleaser has not signed has no other checksums either.
func taken(t *testing.T) files {
	t.Helper()
	number := givenVersion
	lists, err := filepath.Glob(filepath.Join(given, names(t, cmp.Or(number, "*")).sums))
	if err != nil || len(lists) != 1 {
		t.Fatalf("%s holds %d lists of checksums (%v), so it is unclear which release to read; give its number in APPYPIE_RELEASE_VERSION", given, len(lists), err)
	}
	if number == "" {
		before, after, _ := strings.Cut(names(t, "*").sums, "*")
		number = strings.TrimSuffix(strings.TrimPrefix(filepath.Base(lists[0]), before), after)
	}
	f := files{naming: names(t, number), dir: given}
	f.platforms = f.provider.targets
	// GoReleaser uploads the manifest without making a copy.
	if !f.has(f.manifest) {
		f.copyManifest(t)
	}
	if givenKey != "" {
		text, err := os.ReadFile(filepath.Clean(givenKey))
		if err != nil {
			t.Fatal(err)
		}
		if f.keys, err = openpgp.ReadArmoredKeyRing(bytes.NewReader(text)); err != nil {
			t.Fatalf("read the public key in %s: %v", givenKey, err)
		}
		return f
	}
	f.keys, f.alone = openpgp.EntityList{throwAwayKey(t)}, true
	f.sign(t, f.keys[0])
	return f
}

// pack builds a program for this machine and packs it with what goes with it.
func (f *files) pack(t *testing.T, p program) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), p.executable(host))
	arguments := append([]string{"build"}, p.flags...)
	for _, flags := range p.ldflags {
		arguments = append(arguments, "-ldflags", flags)
	}
	// The environment of the caller decides on no byte.
	environment := append(append(os.Environ(), "GOFLAGS=", "GOEXPERIMENT=", "GOWORK=off"), p.env...)
	run(t, root, environment, "go", append(arguments, "-o", binary, p.main)...)
	packed := map[string]string{p.executable(host): binary}
	for _, file := range p.files {
		packed[file] = filepath.Join(root, file)
	}
	f.zip(t, p.archiveFor(host), 0o755, packed)
}

// zip packs files, by their names, into an archive. All but LICENSE have a mode.
func (f *files) zip(t *testing.T, name string, mode os.FileMode, packed map[string]string) {
	t.Helper()
	var content bytes.Buffer
	archive := zip.NewWriter(&content)
	for _, entry := range slices.Sorted(maps.Keys(packed)) {
		header := &zip.FileHeader{Name: entry, Method: zip.Deflate}
		header.SetMode(mode)
		if entry == "LICENSE" {
			header.SetMode(0o644)
		}
		text, err := os.ReadFile(packed[entry])
		if err != nil {
			t.Fatal(err)
		}
		w, err := archive.CreateHeader(header)
		if err == nil {
			_, err = w.Write(text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, f.path(name), content.String())
}

func (f *files) copyManifest(t *testing.T) {
	t.Helper()
	write(t, f.path(f.manifest), read(t, manifestFile))
}

// list writes the checksums of files as sha256sum reads them.
func (f *files) list(t *testing.T, into string, files ...string) {
	t.Helper()
	text := ""
	for _, name := range files {
		sum, err := f.sum(name)
		if err != nil {
			t.Fatal(err)
		}
		text += fmt.Sprintf("%s  %s\n", sum, name)
	}
	write(t, f.path(into), text)
}

func throwAwayKey(t *testing.T) *openpgp.Entity {
	t.Helper()
	key, err := openpgp.NewEntity("Release check", "thrown away", "release-check@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign signs the list of checksums.
func (f *files) sign(t *testing.T, key *openpgp.Entity) {
	t.Helper()
	content, err := os.ReadFile(f.path(f.sums))
	if err != nil {
		t.Fatal(err)
	}
	var signature bytes.Buffer
	if err := openpgp.DetachSign(&signature, key, bytes.NewReader(content), nil); err != nil {
		t.Fatal(err)
	}
	write(t, f.path(f.sums+signatureSuffix), signature.String())
}

// armored is the public half of a key as a maintainer gives it to a registry.
func armored(t *testing.T, key *openpgp.Entity) string {
	t.Helper()
	var text bytes.Buffer
	w, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err == nil {
		err = key.Serialize(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// run runs a program that has to succeed.
func run(t *testing.T, dir string, environment []string, program string, args ...string) string {
	t.Helper()
	output, err := tfrun.MustCall(t.Context(), tfrun.Command(t.Context(), dir, environment, program, args...))
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return output
}
