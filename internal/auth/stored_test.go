package auth

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestStoredLogins(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "tokens")
	cfg := Config{Profile: "any", Store: StoreConfig{Path: dir}}
	if got, err := StoredLogins(cfg); err != nil || len(got) != 0 {
		t.Errorf("without a folder: %+v, %v", got, err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, profile := range []string{"work", "private"} {
		data, err := encodeProfile(profileFile{TokenURL: "https://example.com/" + profile, ClientID: "client", ClientSecret: "secret"}, Config{Profile: profile})
		if err != nil {
			t.Fatal(err)
		}
		write(profileAddress(profile)+recordSuffix, data)
	}
	sealed, err := encodeProfile(profileFile{TokenURL: "https://example.com/x", ClientID: "client"}, Config{Profile: "sealed", Store: StoreConfig{EncryptionKey: "sixteen letters!"}})
	if err != nil {
		t.Fatal(err)
	}
	write(profileAddress("sealed")+recordSuffix, sealed)
	write("damaged"+recordSuffix, []byte("{"))
	write("other.txt", nil)
	want := []Stored{{"private", "client", "https://example.com/private"}, {Profile: "sealed"}, {"work", "client", "https://example.com/work"}}
	if got, err := StoredLogins(cfg); err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if _, err := StoredLogins(Config{Store: StoreConfig{Type: StoreCommand}}); err == nil {
		t.Error("a store of type command was listed")
	}
}
