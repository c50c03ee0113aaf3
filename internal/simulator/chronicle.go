package simulator

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
)

// The chronicle is what happened to connects and connected accounts, for the page:
// every change with who made it and the name that the changed one had then. The
// API's own history knows less: it is about switches and tests only.

// Bounds of the chronicle; what is older is forgotten.
const (
	changesKept  = 5000
	changesSaved = 1000 // those of them that the state file holds
	editsKept    = 20   // options of one edit
	textKept     = 80   // characters of a value
)

// kind is what happened to a connect or an account.
type kind string

// What can happen to a connect, as the page says it.
const (
	kindMade      kind = "made"
	kindRenamed   kind = "renamed"
	kindEdited    kind = "edited"
	kindSaved     kind = "saved unchanged"
	kindTested    kind = "tested"
	kindFailed    kind = "failed the test"
	kindTurnedOn  kind = "turned on"
	kindTurnedOff kind = "turned off"
	kindRan       kind = "ran"
	kindDeleted   kind = "deleted"
)

// Who changes connects and accounts. A client of the API is known by its User-Agent.
const (
	byHand      = "by hand"
	byTerraform = "Terraform"
	byCompanion = "companion"
	byOther     = "API"
)

// change is one line of the chronicle. It never changes once it is written.
type change struct {
	Seq       uint64    `json:"seq"`
	Time      time.Time `json:"time"`
	By        string    `json:"by"`
	Kind      kind      `json:"kind"`
	ConnectID string    `json:"connect_id,omitempty"`
	AccountID string    `json:"account_id,omitempty"`
	App       string    `json:"app,omitempty"` // of an account
	Name      string    `json:"name"`          // as it was after the change
	Note      string    `json:"note,omitempty"`
	Edits     []edit    `json:"edits,omitempty"`
	Failed    bool      `json:"failed,omitempty"`
}

// edit is one option, or the account, of a step that got another value. Secret
// values are masks here already; an empty text is no value.
type edit struct {
	Step string `json:"step"`
	Key  string `json:"key"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// clientOf names the client of a request.
func clientOf(r *http.Request) string {
	product, _, _ := strings.Cut(r.UserAgent(), "/")
	switch product {
	case "terraform-provider-appypie":
		return byTerraform
	case "appypie":
		return byCompanion
	}
	return byOther
}

// record writes down what made the present world of the one before. The caller
// holds the lock. Comparing worlds, it misses nothing, whoever changed them and
// however; what a fault took back was never there.
func (s *Service) record(before world, by string) {
	s.compareAccounts(before.accounts, s.world.accounts, by)
	s.compare(before.connects, s.world.connects, by)
	for _, entry := range s.world.history[min(len(before.history), len(s.world.history)):] {
		c, err := s.connect(s.world, entry.ConnectID)
		if what, ok := tried(entry); ok && err == nil {
			s.note(c, by, what)
		}
	}
	// Old entries go many at a time, so that an append is cheap.
	if len(s.changes) > 2*changesKept {
		s.changes = slices.Clone(s.changes[len(s.changes)-changesKept:])
	}
}

func (s *Service) note(c *Connect, by string, what change) {
	what.ConnectID, what.Name = c.ID, c.Name
	s.enter(by, what)
}

// enter adds a line to the chronicle.
func (s *Service) enter(by string, what change) {
	s.changeSeq++
	what.Seq, what.Time, what.By = s.changeSeq, s.now(), by
	s.changes = append(s.changes, &what)
}

// compare notes what is different between the connects of two worlds. Both are in
// the order of creation.
func (s *Service) compare(was, is []*Connect, by string) {
	if len(was) == len(is) && len(is) > 0 && &was[0] == &is[0] {
		return // One slice, which never changes.
	}
	for len(was) > 0 || len(is) > 0 {
		switch {
		case len(is) == 0 || len(was) > 0 && was[0].Seq < is[0].Seq:
			s.note(was[0], by, change{Kind: kindDeleted})
			was = was[1:]
		case len(was) == 0 || is[0].Seq < was[0].Seq:
			s.note(is[0], by, change{Kind: kindMade})
			is = is[1:]
		default:
			if was[0] != is[0] {
				for _, what := range s.differences(was[0], is[0]) {
					s.note(is[0], by, what)
				}
			}
			was, is = was[1:], is[1:]
		}
	}
}

// tried is what a line of the API's history says of a test or a run.
func tried(entry *HistoryEntry) (change, bool) {
	what := change{Failed: entry.Status == resultFailed}
	if what.Failed {
		_, what.Note, _ = strings.Cut(entry.Message, ": ")
	}
	switch {
	case strings.HasPrefix(entry.Message, runMessage):
		what.Kind = kindRan
	case !strings.HasPrefix(entry.Message, testMessage):
		return change{}, false
	case what.Failed:
		what.Kind = kindFailed
	default:
		what.Kind = kindTested
	}
	return what, true
}

// differences are the changes that made one connect of another.
func (s *Service) differences(was, is *Connect) []change {
	var all []change
	if was.Name != is.Name {
		all = append(all, change{Kind: kindRenamed, Note: shorten(was.Name)})
	}
	if edits := s.edits(was, is); len(edits) > 0 {
		all = append(all, change{Kind: kindEdited, Edits: edits[:min(len(edits), editsKept)]})
	}
	switch {
	case was.Status == is.Status:
	case is.Status == StatusOn:
		all = append(all, change{Kind: kindTurnedOn})
	default:
		all = append(all, change{Kind: kindTurnedOff})
	}
	if len(all) == 0 && is.UpdatedAt.After(was.UpdatedAt) {
		all = append(all, change{Kind: kindSaved})
	}
	return all
}

func (s *Service) edits(was, is *Connect) []edit {
	var all []edit
	old, now := was.steps(), is.steps()
	for i := range min(len(old), len(now)) {
		place := stepPlace(i)
		if old[i].AccountID != now[i].AccountID {
			all = append(all, edit{place, "account", s.accountName(old[i].AccountID), s.accountName(now[i].AccountID)})
		}
		from, to := s.shownOptions(*old[i]), s.shownOptions(*now[i])
		keys := maps.Clone(to)
		maps.Copy(keys, from)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if from[key].value != to[key].value {
				all = append(all, edit{place, key, from[key].text, to[key].text})
			}
		}
	}
	return all
}

// stepPlace names a step by its place in the connect: 0 is the trigger.
func stepPlace(i int) string {
	if i == 0 {
		return "trigger"
	}
	return fmt.Sprintf("action %d", i)
}

func (s *Service) accountName(id string) string {
	if account, ok := s.world.account(id); ok {
		return account.Name
	}
	return id
}

// shown is an option's value as the chronicle tells it. The value itself is there
// for comparison only: two secrets differ under one mask.
type shown struct{ value, text string }

func (s *Service) shownOptions(step Step) map[string]shown {
	fields := map[string]catalog.Field{}
	for _, field := range s.fields(step) {
		fields[field.Key] = field
	}
	out := map[string]shown{}
	for key, value := range step.Typed {
		out[key] = shown{string(value), shorten(string(value))}
	}
	for key, value := range step.Options {
		field := fields[key]
		text := cmp.Or(s.labelOf(field, step, value), value)
		if field.Secret && value != "" {
			text = maskText
		}
		out[key] = shown{value, shorten(text)}
	}
	return out
}

// labelOf is the text that a person sees for the value of a drop-down, empty when
// none is known.
func (s *Service) labelOf(field catalog.Field, step Step, value string) string {
	if field.Type != catalog.TypeSelect || value == "" {
		return ""
	}
	for _, choice := range s.cat.DropdownChoices(field, step.AccountID, step.Options) {
		if choice.Value == value {
			return choice.Label
		}
	}
	return ""
}

// shorten cuts a long value.
func shorten(text string) string {
	count := 0
	for i := range text {
		if count++; count > textKept {
			return text[:i] + "…"
		}
	}
	return text
}
