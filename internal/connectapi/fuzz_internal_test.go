package connectapi

import (
	"strconv"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
)

// FuzzListing: a walk over pages of any sizes and totals ends, and what it takes
// for complete has as many entries as the total that it ended by.
func FuzzListing(f *testing.F) {
	f.Add([]byte{100, 100, 50}, 250, false)
	f.Add([]byte{100, 0}, 250, false)
	f.Add([]byte{3}, -1, false)
	f.Add([]byte{100, 100, 100}, 0, true)

	f.Fuzz(func(t *testing.T, sizes []byte, total int, repeats bool) {
		walk := &listingWalk{op: dialect.ListConnects, paging: "page", seen: map[string]bool{}}
		next := 0

		for i := range len(sizes) + 2 {
			var p dialect.Page[int]
			if total >= 0 {
				p.Total = &total
			}
			if i < len(sizes) {
				if repeats {
					next = 0
				}
				for range sizes[i] {
					p.Entries = append(p.Entries, dialect.Entry[int]{ID: strconv.Itoa(next)})
					next++
				}
			}
			_, err := take(walk, p)
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
