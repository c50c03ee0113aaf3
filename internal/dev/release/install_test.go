package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// serving is a registry on loopback that has the release for this platform and a
// public key.
func serving(t *testing.T, f files, key *openpgp.Entity) *registry {
	t.Helper()
	public, err := armored(key)
	if err != nil {
		t.Fatal(err)
	}
	r := &registry{files: f, publicKey: public, keyID: key.PrimaryKey.KeyIdString()}
	if err := r.serve(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// Each program at hand installs the release over TLS, in each way that it knows,
// and starts it.
func TestReleaseInstalls(t *testing.T) {
	t.Parallel()
	f, key := signedRelease(t)
	var told strings.Builder
	if err := f.tryInstallers(t.Context(), key, &told); err != nil {
		t.Fatal(err)
	}
	t.Log(told.String())
	found, left := installers()
	if want := 2*len(found) + len(left); strings.Count(told.String(), "\n") != want {
		t.Errorf("%d programs were found and %q were not, which gives %d lines; got\n%s", len(found), left, want, told.String())
	}
}

// What is served is what the programs look at: none installs a release by a
// stranger, by an authority that it does not know, or with other checksums.
func TestProgramsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	f, key := signedRelease(t)
	stranger, err := throwAwayKey()
	if err != nil {
		t.Fatal(err)
	}
	wrongKey := serving(t, f, stranger)
	unknown := serving(t, f, key)
	other := serving(t, f, key)
	unknown.CA = other.CA
	found, left := installers()
	for _, reason := range left {
		t.Log(reason)
	}
	for _, by := range found {
		if err := wrongKey.install(t.Context(), by, wrongKey.ways(by.host)["its registry"]); err == nil {
			t.Errorf("%s took checksums that somebody else has signed", by.name)
		}
		ways := unknown.ways(by.host)
		for _, way := range slices.Sorted(maps.Keys(ways)) {
			if err := unknown.install(t.Context(), by, ways[way]); err == nil {
				t.Errorf("%s trusted an unknown authority and installed from %s", by.name, way)
			}
		}
	}
}
