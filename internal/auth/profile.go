package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// profileFormat is the version of a profile file.
const profileFormat = 1

// profileFile is what "appypie login" leaves for configurations that name only
// a profile: whose login it is. The client secret is in it only when the person
// who logged in asked for that.
type profileFile struct {
	Format       int        `json:"format"`
	TokenURL     string     `json:"token_url"`
	ClientID     string     `json:"client_id"`
	ClientSecret string     `json:"client_secret,omitempty"`
	ClientAuth   ClientAuth `json:"client_auth,omitempty"`
}

// fill completes a configuration; what it says itself stands. The client secret
// is only used for the client and the endpoint it was stored with.
func (p profileFile) fill(cfg Config) Config {
	if p.ClientID == "" || (cfg.ClientID != "" && cfg.ClientID != p.ClientID) || (cfg.TokenURL != "" && cfg.TokenURL != p.TokenURL) {
		return cfg
	}
	cfg.ClientID = p.ClientID
	cfg.TokenURL = p.TokenURL
	if cfg.ClientSecret == "" {
		cfg.ClientSecret = p.ClientSecret
	}
	if cfg.ClientAuth == "" {
		cfg.ClientAuth = p.ClientAuth
	}
	return cfg
}

func profileAddress(profile string) string { return "profile-" + profile }

// readProfile returns an empty profile when there is none.
func readProfile(cfg Config, env environment) (profileFile, error) {
	dir, err := storeDir(cfg.Store, env)
	if err != nil {
		return profileFile{}, err
	}
	path := filepath.Join(dir, profileAddress(cfg.Profile)+recordSuffix)
	p, err := loadProfile(cfg, env, dir, path)
	if errors.Is(err, fs.ErrNotExist) {
		return profileFile{}, nil
	}
	if err != nil {
		return profileFile{}, explainStore(err, path, cfg.Profile)
	}
	return p, nil
}

func loadProfile(cfg Config, env environment, dir, path string) (profileFile, error) {
	if err := env.fs.CheckDir(dir); err != nil {
		return profileFile{}, err
	}
	data, err := env.fs.Read(path)
	if err != nil {
		return profileFile{}, err
	}
	plain, _, err := (&sealer{key: cfg.Store.EncryptionKey}).open(data, profileAddress(cfg.Profile))
	if err != nil {
		return profileFile{}, err
	}
	if err := checkFormat(plain); err != nil {
		return profileFile{}, err
	}
	var p profileFile
	if err := decodeStrict(plain, &p); err != nil {
		return profileFile{}, err
	}
	if p.ClientID == "" || wire.CheckURL(p.TokenURL) != nil {
		return profileFile{}, fmt.Errorf("%w: it names no client or no usable token URL", ErrStoreCorrupt)
	}
	return p, nil
}

// encodeProfile is the stored form of a profile.
func encodeProfile(p profileFile, cfg Config) ([]byte, error) {
	p.Format = profileFormat
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode profile: %w", err)
	}
	return (&sealer{key: cfg.Store.EncryptionKey}).seal(append(data, '\n'), profileAddress(cfg.Profile))
}
