package auth

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

const (
	// recordFormat is the version of the stored document.
	recordFormat = 1
	// maxDocument bounds a stored document, in bytes. A fingerprint takes 67
	// bytes, so that a refresh every ten minutes lasts for more than a year.
	maxDocument = 4 << 20
)

// Origins of a lineage.
const (
	originSeed  = "seed"
	originLogin = "login"
)

// record is one lineage of refresh tokens as it is stored.
type record struct {
	Format int `json:"format"`
	// TokenURL, ClientID and Profile say whose record it is.
	TokenURL string `json:"token_url"`
	ClientID string `json:"client_id"`
	Profile  string `json:"profile"`
	// Origin is how the lineage began: from a configured seed or by a login.
	Origin    string    `json:"origin"`
	StartedAt time.Time `json:"started_at,omitzero"`
	// Generation counts the exchanges of the lineage; zero before the first.
	Generation int64 `json:"generation"`
	// Revision counts the writes of the document, for compare-and-set.
	Revision int64 `json:"revision"`

	AccessToken  string `json:"access_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
	// ExpiresAt is the end of the access token by the server's clock.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// ObtainedAt is when the pair was obtained, by the server's clock.
	ObtainedAt time.Time `json:"obtained_at,omitzero"`
	// ClockOffsetSeconds is what to add to the local clock to get the server's.
	ClockOffsetSeconds int64 `json:"clock_offset_seconds,omitempty"`
	// Forced tells that the pair replaced one that the API had rejected.
	Forced bool `json:"forced,omitempty"`

	// Lineage holds the fingerprint of every refresh token of this lineage, the
	// seed first. A shortened list would let an old seed look new and be spent a
	// second time.
	Lineage []string `json:"lineage"`
	// Retired holds the fingerprints of earlier lineages.
	Retired []string `json:"retired,omitempty"`

	// Intent is there while a refresh token is being spent.
	Intent *intent `json:"intent,omitempty"`
	// Failure is there once the server has refused the refresh token for good.
	Failure *failure `json:"failure,omitempty"`

	// encrypted tells that the record was read from an encrypted document.
	encrypted bool
}

// intent notes that a refresh token is about to be spent, so that a run that
// was killed in between can be told from one that never began.
type intent struct {
	Generation  int64     `json:"generation"`
	Fingerprint string    `json:"fingerprint"`
	At          time.Time `json:"at"`
	Holder      string    `json:"holder"`
	// Ended tells that the holder has given up without learning the outcome.
	Ended bool `json:"ended,omitempty"`
}

// failure notes that the server refused a refresh token, so that it is not
// tried again by every call of every run.
type failure struct {
	Fingerprint string    `json:"fingerprint"`
	At          time.Time `json:"at"`
	Lost        bool      `json:"lost,omitempty"`
}

// fingerprint identifies a refresh token without revealing it.
func fingerprint(refreshToken string) string {
	sum := sha256.Sum256([]byte(refreshToken))
	return hex.EncodeToString(sum[:])
}

// storeKey addresses a lineage. The refresh token is no part of it, because it
// changes. The parts are kept apart by a byte that none of them can hold.
func storeKey(tokenURL, clientID, profile string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{tokenURL, clientID, profile}, "\x00")))
	return hex.EncodeToString(sum[:])
}

func (r *record) token() Token {
	out := Token{AccessToken: r.AccessToken, ExpiresAt: r.ExpiresAt, Offset: time.Duration(r.ClockOffsetSeconds) * time.Second}
	if !r.ExpiresAt.IsZero() && !r.ObtainedAt.IsZero() {
		out.Life = r.ExpiresAt.Sub(r.ObtainedAt)
	}
	return out
}

// dead reports whether the server has refused the refresh token for good.
func (r *record) dead() bool {
	return r.Failure != nil && r.Failure.Fingerprint == fingerprint(r.RefreshToken)
}

// knows reports whether a refresh token was ever seen under this key.
func (r *record) knows(mark string) bool {
	return slices.Contains(r.Lineage, mark) || slices.Contains(r.Retired, mark)
}

// clone is a deep copy, so that a failed write changes nothing in memory.
func (r *record) clone() *record {
	out := *r
	out.Lineage = slices.Clone(r.Lineage)
	out.Retired = slices.Clone(r.Retired)
	if r.Intent != nil {
		i := *r.Intent
		out.Intent = &i
	}
	if r.Failure != nil {
		f := *r.Failure
		out.Failure = &f
	}
	return &out
}

// follows reports whether r is what an exchange that started from base produced.
func (r *record) follows(base *record) bool {
	return base != nil && r.Generation == base.Generation+1 &&
		base.RefreshToken != "" && slices.Contains(r.Lineage, fingerprint(base.RefreshToken))
}

// serialize is the stored form of the record.
func (r *record) serialize() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode token record: %w", err)
	}
	data = append(data, '\n')
	if len(data) > maxDocument {
		return nil, fmt.Errorf("token record has %d bytes, more than the %d that are read back; log in again to start a new one", len(data), maxDocument)
	}
	return data, nil
}

// parseRecord reads a stored record. It accepts nothing that serialize would
// not write, except for white space. Errors are of kind ErrStoreFormat or
// ErrStoreCorrupt and quote nothing of the document.
func parseRecord(data []byte) (*record, error) {
	if len(data) > maxDocument {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrStoreCorrupt, maxDocument)
	}
	if err := checkFormat(data); err != nil {
		return nil, err
	}
	var r record
	if err := decodeStrict(data, &r); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStoreCorrupt, err)
	}
	return &r, nil
}

// checkFormat reads the version alone, because a newer version may have fields
// that this one does not know.
func checkFormat(data []byte) error {
	var head struct {
		Format *int `json:"format"`
	}
	switch err := json.Unmarshal(data, &head); {
	case len(bytes.TrimSpace(data)) == 0:
		return fmt.Errorf("%w: it is empty", ErrStoreCorrupt)
	case err != nil:
		return fmt.Errorf("%w: it is not a complete JSON document", ErrStoreCorrupt)
	case head.Format == nil || *head.Format < 1:
		return fmt.Errorf("%w: it has no format version", ErrStoreCorrupt)
	case *head.Format > recordFormat:
		return fmt.Errorf("%w: it has format %d and this version reads up to %d", ErrStoreFormat, *head.Format, recordFormat)
	}
	return nil
}

// decodeStrict reads exactly one JSON document without unknown fields. The
// decoder's error is dropped, because it may quote what it read.
func decodeStrict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%w: a field is unknown or of the wrong type", ErrStoreCorrupt)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows the document", ErrStoreCorrupt)
	}
	return nil
}

func (r *record) check() error {
	switch {
	case r.TokenURL == "" || r.Profile == "":
		return errors.New("it does not say whose it is")
	case r.Origin != originSeed && r.Origin != originLogin:
		return errors.New("its origin is unknown")
	case r.Generation < 0 || r.Revision < 0:
		return errors.New("a counter is negative")
	case r.RefreshToken != "" && !slices.Contains(r.Lineage, fingerprint(r.RefreshToken)):
		return errors.New("its refresh token is not part of its lineage")
	case r.Intent != nil && !isFingerprint(r.Intent.Fingerprint):
		return errors.New("its intent is not well-formed")
	case r.Failure != nil && !isFingerprint(r.Failure.Fingerprint):
		return errors.New("its failure is not well-formed")
	case slices.ContainsFunc(r.Lineage, notFingerprint) || slices.ContainsFunc(r.Retired, notFingerprint):
		return errors.New("a fingerprint is not well-formed")
	}
	return nil
}

func isFingerprint(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && s == strings.ToLower(s)
}

func notFingerprint(s string) bool { return !isFingerprint(s) }
