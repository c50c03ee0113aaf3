package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
)

// signatureSuffix is what a signature's name adds to the name of the list.
const signatureSuffix = ".sig"

// throwAwayKey is a signing key that nobody keeps.
func throwAwayKey() (*openpgp.Entity, error) {
	key, err := openpgp.NewEntity("Release check", "thrown away", "release-check@example.com", nil)
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	return key, nil
}

// sign writes a detached signature of a file beside it.
func sign(key *openpgp.Entity, file string) error {
	content, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	var signature bytes.Buffer
	if err := openpgp.DetachSign(&signature, key, bytes.NewReader(content), nil); err != nil {
		return fmt.Errorf("sign %s: %w", filepath.Base(file), err)
	}
	if err := os.WriteFile(file+signatureSuffix, signature.Bytes(), 0o644); err != nil { //nolint:gosec // signatures are for everyone.
		return fmt.Errorf("write the signature: %w", err)
	}
	return nil
}

// armored is the public half of a key as a maintainer gives it to a registry.
func armored(key *openpgp.Entity) (string, error) {
	var text bytes.Buffer
	w, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err == nil {
		err = key.Serialize(w)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fmt.Errorf("write the public key: %w", err)
	}
	return text.String(), nil
}

// readKey reads an armored public key.
func readKey(file string) (openpgp.EntityList, error) {
	f, err := os.Open(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	keys, err := openpgp.ReadArmoredKeyRing(f)
	_ = f.Close()
	if err != nil {
		return nil, fmt.Errorf("read the public key in %s: %w", file, err)
	}
	return keys, nil
}
