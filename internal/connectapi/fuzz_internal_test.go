package connectapi

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

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
		walk := &listingWalk[int]{op: ListConnects, id: strconv.Itoa, seen: map[string]bool{}}
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

			_, err := walk.take(p)
			if walk.done && walk.moved == nil && err == nil && total >= len(walk.seen) && total > 0 && len(walk.seen) != total {
				t.Errorf("complete after %d of %d", len(walk.seen), total)
			}
			if walk.done || err != nil {
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
		edit, err := change.merge(Step{Options: map[string]Value{heldKey: TextValue(heldValue)}})

		// JSON has no place for bytes that are no text.
		heldValue, setValue = strings.ToValidUTF8(heldValue, "?"), strings.ToValidUTF8(setValue, "?")
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
			if edit.options[key].Text() != value {
				t.Errorf("option %q is %q, want %q", key, edit.options[key], value)
			}
		}

		if len(edit.options) != len(want) {
			t.Errorf("edit %+v", edit)
		}
	})
}
