package auth

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/scrypt"
)

// The only parameters that are written and read. Reading others would let a
// planted document ask for any amount of memory.
const (
	cipherName = "scrypt-xchacha20poly1305"
	scryptN    = 1 << 15
	scryptR    = 8
	scryptP    = 1
	saltSize   = 16
)

// sealedDocument is the stored form of an encrypted document. The key is
// derived with scrypt (N 32768, r 8, p 1) from the configured one and the salt;
// the cipher is XChaCha20-Poly1305; the store key is authenticated along.
type sealedDocument struct {
	Format     int    `json:"format"`
	Encryption string `json:"encryption"`
	Salt       []byte `json:"salt"`
	Nonce      []byte `json:"nonce"`
	Ciphertext []byte `json:"ciphertext"`
}

// sealer encrypts documents when it has a key and leaves them alone otherwise.
// It is safe for concurrent use.
type sealer struct {
	key string

	mu      sync.Mutex
	salt    []byte
	derived []byte
}

// seal encrypts a document for the given address.
func (s *sealer) seal(plain []byte, address string) ([]byte, error) {
	if s.key == "" {
		return plain, nil
	}
	salt, key, err := s.ownKey()
	if err != nil {
		return nil, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("encrypt token store: %w", err)
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("encrypt token store: %w", err)
	}
	data, err := json.Marshal(sealedDocument{
		Format: recordFormat, Encryption: cipherName, Salt: salt, Nonce: nonce,
		Ciphertext: aead.Seal(nil, nonce, plain, []byte(address)),
	})
	if err != nil {
		return nil, fmt.Errorf("encrypt token store: %w", err)
	}
	if len(data) > maxDocument {
		return nil, fmt.Errorf("encrypted token record has %d bytes, more than the %d that are read back; log in again to start a new one", len(data), maxDocument)
	}
	return append(data, '\n'), nil
}

// open decrypts a document. A plain document passes, so that a key can be added
// to a store that exists; the next write encrypts it.
func (s *sealer) open(data []byte, address string) (plain []byte, encrypted bool, err error) {
	var head struct {
		Encryption *string `json:"encryption"`
	}
	// What is not JSON has no header either; the parser of the record refuses it.
	valid := json.Unmarshal(data, &head) == nil
	if !valid || head.Encryption == nil {
		return data, false, nil
	}
	if err := checkFormat(data); err != nil {
		return nil, true, err
	}
	var doc sealedDocument
	if err := decodeStrict(data, &doc); err != nil {
		return nil, true, err
	}
	switch {
	case doc.Encryption != cipherName:
		return nil, true, fmt.Errorf("%w: its encryption is unknown", ErrStoreFormat)
	case len(doc.Salt) != saltSize || len(doc.Nonce) != chacha20poly1305.NonceSizeX:
		return nil, true, fmt.Errorf("%w: its encryption header is not well-formed", ErrStoreCorrupt)
	case s.key == "":
		return nil, true, fmt.Errorf("%w: it is encrypted and no key is set", ErrStoreKey)
	}
	key, err := s.keyFor(doc.Salt)
	if err != nil {
		return nil, true, err
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, true, fmt.Errorf("decrypt token store: %w", err)
	}
	plain, err = aead.Open(nil, doc.Nonce, doc.Ciphertext, []byte(address))
	if err != nil {
		return nil, true, fmt.Errorf("%w: the key is wrong or the document was changed", ErrStoreKey)
	}
	return plain, true, nil
}

// ownKey is the key to encrypt with: the one of the document read last, so that
// the costly derivation happens once, or else one with a fresh salt.
func (s *sealer) ownKey() (salt, key []byte, err error) {
	s.mu.Lock()
	salt, key = s.salt, s.derived
	s.mu.Unlock()
	if key != nil {
		return salt, key, nil
	}
	salt = make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, nil, fmt.Errorf("encrypt token store: %w", err)
	}
	key, err = s.keyFor(salt)
	return salt, key, err
}

func (s *sealer) keyFor(salt []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.derived != nil && bytes.Equal(s.salt, salt) {
		return s.derived, nil
	}
	key, err := scrypt.Key([]byte(s.key), salt, scryptN, scryptR, scryptP, chacha20poly1305.KeySize)
	if err != nil {
		return nil, errors.Join(ErrStoreKey, err)
	}
	s.salt, s.derived = salt, key
	return key, nil
}
