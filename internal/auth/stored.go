package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Stored names a login that a token store holds. What cannot be read of it is empty.
type Stored struct {
	Profile, ClientID, TokenURL string
}

// StoredLogins lists the logins of a file store, by their profiles: those of
// "appypie login", and those that a refresh token in a configuration began. It
// reads no secret and reaches nothing. A login that is encrypted with another key
// is listed if its file says its profile. A store of type command cannot be listed.
func StoredLogins(cfg Config) ([]Stored, error) { return storedLogins(cfg, osEnvironment()) }

func storedLogins(cfg Config, env environment) ([]Stored, error) {
	if cfg.Store.Type == StoreCommand {
		return nil, &ConfigError{"token_store.type", "a token store of type command cannot be listed", "ask for one login by its profile"}
	}
	dir, err := storeDir(cfg.Store, env)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = env.fs.CheckDir(dir)
	}
	if err != nil {
		return nil, explainStore(fmt.Errorf("list the folder: %w", err), dir, cfg.Profile)
	}
	var all []Stored
	for _, entry := range entries {
		key, isRecord := strings.CutSuffix(entry.Name(), recordSuffix)
		if !isRecord || !entry.Type().IsRegular() {
			continue
		}
		found, ok := storedIn(cfg, env, dir, key)
		if ok && !slices.ContainsFunc(all, func(known Stored) bool { return known.Profile == found.Profile }) {
			all = append(all, found)
		}
	}
	slices.SortFunc(all, func(a, b Stored) int { return strings.Compare(a.Profile, b.Profile) })
	return all, nil
}

// storedIn reads whose login a file of the store is: the file of a profile, or a
// record.
func storedIn(cfg Config, env environment, dir, key string) (Stored, bool) {
	path := filepath.Join(dir, key+recordSuffix)
	if profile, named := strings.CutPrefix(key, profileAddress("")); named {
		cfg.Profile = profile
		known, err := loadProfile(cfg, env, dir, path)
		if err != nil {
			return Stored{Profile: profile}, true
		}
		return Stored{Profile: profile, ClientID: known.ClientID, TokenURL: known.TokenURL}, true
	}
	data, err := env.fs.Read(path)
	if err != nil {
		return Stored{}, false
	}
	plain, _, err := (&sealer{key: cfg.Store.EncryptionKey}).open(data, key)
	if err != nil {
		return Stored{}, false
	}
	rec, err := parseRecord(plain)
	if err != nil {
		return Stored{}, false
	}
	return Stored{Profile: rec.Profile, ClientID: rec.ClientID, TokenURL: rec.TokenURL}, true
}
