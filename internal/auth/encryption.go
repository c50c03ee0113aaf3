package auth

import (
	"bytes"
	"fmt"
	"io"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// workFactor is the cost of a wrong guess at the key, as a power of two. It is
// the only one that is written and read: reading others would let a planted
// document ask for any amount of time. A key is meant to be generated, and each
// read and each write pays for it.
const workFactor = 14

// sealer encrypts documents with age when it has a key and leaves them alone
// otherwise. The address of a document is part of its passphrase, so that one
// that was moved cannot be read. Armor keeps it a text, for secret managers and
// for the blanks that a prepared file may end with.
type sealer struct{ key string }

func (s *sealer) passphrase(address string) string { return s.key + "\n" + address }

// seal encrypts a document for the given address.
func (s *sealer) seal(plain []byte, address string) ([]byte, error) {
	if s.key == "" {
		return plain, nil
	}
	recipient, err := age.NewScryptRecipient(s.passphrase(address))
	if err != nil {
		return nil, fmt.Errorf("encrypt token store: %w", err)
	}
	recipient.SetWorkFactor(workFactor)
	var out bytes.Buffer
	lines := armor.NewWriter(&out)
	sealed, err := age.Encrypt(lines, recipient)
	if err != nil {
		return nil, fmt.Errorf("encrypt token store: %w", err)
	}
	for _, step := range []func() error{
		func() error { _, err := sealed.Write(plain); return err },
		sealed.Close, lines.Close,
	} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("encrypt token store: %w", err)
		}
	}
	if out.Len() > maxDocument {
		return nil, fmt.Errorf("encrypted token record has %d bytes, more than the %d that are read back; log in again to start a new one", out.Len(), maxDocument)
	}
	return out.Bytes(), nil
}

// open decrypts a document. A plain document passes, so that a key can be added
// to a store that exists; the next write encrypts it.
func (s *sealer) open(data []byte, address string) (plain []byte, encrypted bool, err error) {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte(armor.Header)) {
		return data, false, nil
	}
	if s.key == "" {
		return nil, true, fmt.Errorf("%w: it is encrypted and no key is set", ErrStoreKey)
	}
	identity, err := age.NewScryptIdentity(s.passphrase(address))
	if err != nil {
		return nil, true, fmt.Errorf("decrypt token store: %w", err)
	}
	identity.SetMaxWorkFactor(workFactor)
	// What age says of a document may quote it.
	opened, err := age.Decrypt(armor.NewReader(bytes.NewReader(bytes.TrimSpace(data))), identity)
	if err == nil {
		plain, err = io.ReadAll(opened)
	}
	if err != nil {
		return nil, true, fmt.Errorf("%w: the key is wrong or the document was changed", ErrStoreKey)
	}
	return plain, true, nil
}
