package connectapi

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzRetryAfter: no header makes a pause that is negative or longer than what
// anybody can mean.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "1", "-1", "86400", "9223372036", "9223372037", "99999999999999999999", "Sun, 22 Nov 2026 10:00:00 GMT", "1.5", " 7"} {
		f.Add(seed)
	}

	now := time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC)

	f.Fuzz(func(t *testing.T, value string) {
		pause, ok := retryAfter(value, now)
		if pause < 0 || pause > longestPause || !ok && pause != 0 {
			t.Errorf("a pause of %s, %t", pause, ok)
		}
	})
}

// FuzzStatus: a word means the same in every case and with blanks around it, and
// never both positions.
func FuzzStatus(f *testing.F) {
	for _, seed := range []string{"ON", "off", " Active ", "paused", "", "1", "on off"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, word string) {
		on, err := ParseStatus(word)
		again, againErr := ParseStatus(" " + strings.ToLower(word) + "\n")

		if on != again || (err == nil) != (againErr == nil) || err != nil && on {
			t.Errorf("%t %v, then %t %v", on, err, again, againErr)
		}
	})
}

// FuzzIdentity: an id is a scalar or none, under whichever name it comes.
func FuzzIdentity(f *testing.F) {
	for _, seed := range []string{`{"_id":"a"}`, `{"id":7}`, `{"objectId":"x","_id":null}`, `{"_id":{}}`, `{"_id":[1]}`, `{"id":1e400}`, `[]`} {
		f.Add([]byte(seed))
	}

	f.Fuzz(func(t *testing.T, raw []byte) {
		var who identity
		if json.Unmarshal(raw, &who) != nil {
			return
		}

		if id := who.id(); strings.HasPrefix(id, "{") && !strings.Contains(string(raw), `"{`) && !strings.Contains(string(raw), `\`) {
			t.Errorf("id %q", id)
		}
	})
}

// FuzzListing: a walk over pages of any sizes and totals ends, and what it takes
// for complete has as many entries as the total that it ended by.
func FuzzListing(f *testing.F) {
	f.Add([]byte{100, 100, 50}, 250, false)
	f.Add([]byte{100, 0}, 250, false)
	f.Add([]byte{3}, -1, false)
	f.Add([]byte{100, 100, 100}, 0, true)

	f.Fuzz(func(t *testing.T, sizes []byte, total int, repeats bool) {
		walk := &listingWalk[int]{op: ListConnects, id: func(entry int) string { return string(rune('a' + entry%1000)) }}
		next := 0

		for i := range len(sizes) + 2 {
			var p page[int]

			p.total.value, p.total.set = total, total >= 0

			if i < len(sizes) {
				if repeats {
					next = 0
				}

				for range sizes[i] {
					p.entries = append(p.entries, next)
					next++
				}
			}

			done, err := walk.take(p)
			if done && err == nil && total >= walk.seen && total > 0 && walk.seen != total {
				t.Errorf("complete after %d of %d", walk.seen, total)
			}

			if done || err != nil {
				return
			}
		}

		t.Errorf("%v with a total of %d did not end", sizes, total)
	})
}

// FuzzMerge: an edit sends what is set, clears what is unset, keeps the rest,
// and refuses to write a mask.
func FuzzMerge(f *testing.F) {
	f.Add("kept", "value", "a", "1", "gone")
	f.Add("secret", "****", "a", "1", "secret")
	f.Add("secret", "****", "secret", "1", "")
	f.Add("", "", "", "", "")

	f.Fuzz(func(t *testing.T, heldKey, heldValue, setKey, setValue, unset string) {
		change := StepChange{Set: map[string]string{setKey: setValue}, Unset: []string{unset}}
		edit, err := change.merge(Step{Options: map[string]string{heldKey: heldValue}})

		masked := IsMasked(heldValue) && heldKey != setKey && heldKey != unset
		if (err != nil) != masked {
			t.Fatalf("error %v, masked %t", err, masked)
		}

		if err != nil {
			return
		}

		want := map[string]string{heldKey: heldValue}
		want[unset] = ""
		want[setKey] = setValue

		for key, value := range want {
			if edit.Options[key] != value {
				t.Errorf("option %q is %q, want %q", key, edit.Options[key], value)
			}
		}

		if len(edit.Options) != len(want) || slices.Contains(edit.Secrets, setValue) {
			t.Errorf("edit %+v", edit)
		}
	})
}
