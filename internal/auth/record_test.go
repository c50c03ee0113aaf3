package auth

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
)

func testRecord() *record {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return &record{
		Format: recordFormat, TokenURL: DefaultTokenURL, ClientID: "client", Profile: "work", Origin: originLogin, StartedAt: at,
		Generation: 3, Revision: 7, AccessToken: "at", RefreshToken: "rt", ExpiresAt: at.Add(time.Hour), ObtainedAt: at,
		ClockOffsetSeconds: -86400, Forced: true, Lineage: []string{fingerprint("seed"), fingerprint("rt")}, Retired: []string{fingerprint("old")},
		Intent:  &intent{Generation: 3, Fingerprint: fingerprint("rt"), At: at, Holder: "h"},
		Failure: &failure{Fingerprint: fingerprint("rt"), At: at, Lost: true},
	}
}

func TestRecordSurvivesTheStore(t *testing.T) {
	t.Parallel()
	data, err := testRecord().serialize()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := parseRecord(append(data, "   \n  "...))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	again, err := rec.serialize()
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the record changed: %v\n%s\n%s", err, data, again)
	}
}

func TestRecordRefusesEveryTruncation(t *testing.T) {
	t.Parallel()
	data, err := testRecord().serialize()
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(bytes.TrimSpace(data)) {
		if _, err := parseRecord(data[:n]); !errors.Is(err, ErrStoreCorrupt) {
			t.Fatalf("%d bytes of %d: error = %v", n, len(data), err)
		}
		blanked := append(bytes.Clone(data[:n]), bytes.Repeat([]byte(" "), len(data)-n)...)
		if _, err := parseRecord(blanked); !errors.Is(err, ErrStoreCorrupt) {
			t.Fatalf("%d bytes and blanks: error = %v", n, err)
		}
	}
}

func TestRecordRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*record){
		"no token URL":            func(r *record) { r.TokenURL = "" },
		"unknown origin":          func(r *record) { r.Origin = "gift" },
		"negative generation":     func(r *record) { r.Generation = -1 },
		"token without a mark":    func(r *record) { r.RefreshToken = "other" },
		"mark in capital letters": func(r *record) { r.Lineage[0] = strings.ToUpper(r.Lineage[0]) },
		"short retired mark":      func(r *record) { r.Retired = []string{"abcd"} },
		"bad intent":              func(r *record) { r.Intent.Fingerprint = "" },
		"bad failure":             func(r *record) { r.Failure.Fingerprint = "zz" },
	}
	for name, spoil := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := testRecord()
			spoil(r)
			data, err := r.serialize()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parseRecord(data); !errors.Is(err, ErrStoreCorrupt) {
				t.Errorf("error = %v, want ErrStoreCorrupt", err)
			}
		})
	}
}

// FuzzRecord feeds the parser anything: it must not panic, must call every
// refusal by its kind, must quote nothing, and what it accepts must come back
// the same.
func FuzzRecord(f *testing.F) {
	if data, err := testRecord().serialize(); err == nil {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, _, err := (&sealer{}).open(data, "address")
		var rec *record
		if err == nil {
			rec, err = parseRecord(plain)
		}
		if err != nil {
			if !errors.Is(err, ErrStoreCorrupt) && !errors.Is(err, ErrStoreFormat) && !errors.Is(err, ErrStoreKey) {
				t.Fatalf("error of no kind: %v", err)
			}
			return
		}
		first, err := rec.serialize()
		if err != nil {
			return
		}
		again, err := parseRecord(first)
		if err != nil {
			t.Fatalf("what was accepted is refused: %v", err)
		}
		if second, err := again.serialize(); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("the record changes: %v", err)
		}
	})
}

func TestStoreKeyKeepsItsPartsApart(t *testing.T) {
	t.Parallel()
	keys := map[string]bool{}
	for _, parts := range [][3]string{{"a", "b", "c"}, {"ab", "", "c"}, {"a", "bc", ""}, {"a", "b", "d"}} {
		keys[storeKey(parts[0], parts[1], parts[2])] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d keys for 4 logins", len(keys))
	}
}

func TestEncryptedStore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cfg.Store.EncryptionKey = "a key of thirty-two characters.."
	first := b.mustToken(t, b.source(t))
	data, err := os.ReadFile(b.file(recordSuffix))
	if err != nil {
		t.Fatal(err)
	}
	b.noSecrets(t, "the encrypted store", string(data))
	if got := b.mustToken(t, b.source(t)); got != first {
		t.Errorf("another token came out")
	}
	status, err := inspectWith(t.Context(), b.cfg, b.env, false)
	if err != nil || !status.Encrypted || status.Health != HealthOK {
		t.Errorf("status %+v, error %v", status, err)
	}
	for name, key := range map[string]string{"no key": "", "another key": "another key of some characters"} {
		cfg := b.cfg
		cfg.Store.EncryptionKey = key
		s, err := newSource(cfg, b.env)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrStoreKey) {
			t.Errorf("%s: error = %v, want ErrStoreKey", name, err)
		}
	}
	b.expectExchanges(t, 1)
}

func TestEncryptionIsBoundToItsPlace(t *testing.T) {
	t.Parallel()
	s := &sealer{key: "a key of thirty-two characters.."}
	data, err := s.seal([]byte("{}"), "here")
	if err != nil {
		t.Fatal(err)
	}
	if plain, encrypted, err := s.open(data, "here"); err != nil || !encrypted || string(plain) != "{}" {
		t.Errorf("open: %q, %v, %v", plain, encrypted, err)
	}
	if _, _, err := s.open(data, "there"); !errors.Is(err, ErrStoreKey) {
		t.Errorf("error = %v, want ErrStoreKey", err)
	}
	// A prepared file ends with blanks until it is cut to its length.
	if plain, _, err := s.open(append(bytes.Clone(data), " \n   "...), "here"); err != nil || string(plain) != "{}" {
		t.Errorf("blanks: %q, %v", plain, err)
	}
	for at := 0; at < len(data)-1; at += 11 {
		changed := bytes.Clone(data)
		changed[at] ^= 1
		if plain, encrypted, err := s.open(changed, "here"); encrypted && err == nil && string(plain) != "{}" || err != nil && !errors.Is(err, ErrStoreKey) {
			t.Fatalf("byte %d: %q, %v", at, plain, err)
		}
		if _, _, err := s.open(data[:at], "here"); err != nil && !errors.Is(err, ErrStoreKey) {
			t.Fatalf("%d bytes: %v", at, err)
		}
	}
}

// A document that was planted must not keep a run busy.
func TestCostlyDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	s := &sealer{key: "a key of thirty-two characters.."}
	recipient, err := age.NewScryptRecipient(s.passphrase("here"))
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(workFactor + 1)
	var out bytes.Buffer
	lines := armor.NewWriter(&out)
	sealed, err := age.Encrypt(lines, recipient)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sealed.Close(), lines.Close()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.open(out.Bytes(), "here"); !errors.Is(err, ErrStoreKey) {
		t.Errorf("error = %v, want ErrStoreKey", err)
	}
}

func TestPlainStoreIsEncryptedByTheNextWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustToken(t, b.source(t))
	b.cfg.Store.EncryptionKey = "a key of thirty-two characters.."
	b.clock.advance(2 * time.Hour)
	b.mustToken(t, b.source(t))
	data, err := os.ReadFile(b.file(recordSuffix))
	if err != nil || !bytes.Contains(data, []byte(armor.Header)) {
		t.Errorf("the store is still plain: %v", err)
	}
	if files, err := filepath.Glob(filepath.Join(b.cfg.Store.Path, "*")); err != nil || len(files) != 2 {
		t.Errorf("files %v, error %v", files, err)
	}
}
