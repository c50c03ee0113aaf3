package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// groupGap is the longest pause between two changes of one client in one go,
// beside the time that a test takes.
const groupGap = 2 * time.Second

// span is changes that one client made in one go, or one change by hand: a part
// of the chronicle, from and to not included.
type span struct{ from, to int }

// spans cuts the chronicle into groups, newest first.
func (s *Service) spans(changes []*change) []span {
	gap := groupGap + s.cfg.TestDuration
	var all []span
	for i, one := range changes {
		if i > 0 {
			last := changes[i-1]
			if one.By == last.By && one.By != byHand && one.Time.Sub(last.Time) <= gap {
				all[len(all)-1].to = i + 1
				continue
			}
		}
		all = append(all, span{i, i + 1})
	}
	slices.Reverse(all)
	return all
}

// addChanges gives a view the history: its groups, and the newest changes of each
// connect that it shows.
func (s *Service) addChanges(v *page.View, w world, changes []*change) {
	changes = changes[max(0, len(changes)-changesKept):]
	entry := func(c *change) page.Entry { return s.entryView(w, c) }
	if len(changes) > 0 {
		latest := entry(changes[len(changes)-1])
		v.Latest = &latest
	}
	v.Asked = v.Query.Group > 0
	for _, one := range s.spans(changes) {
		part := changes[one.from:one.to]
		if v.Asked && part[0].Seq != v.Query.Group {
			continue
		}
		v.Groups = append(v.Groups, group(v.Query, part, entry))
		if len(v.Groups) == page.GroupsShown || v.Asked {
			break
		}
	}
	shown := map[string]*page.Connect{}
	for i := range v.Connects {
		shown[v.Connects[i].ID] = &v.Connects[i]
	}
	for _, c := range slices.Backward(changes) {
		of := shown[c.ConnectID]
		if of == nil {
			continue
		}
		if of.Last == nil {
			last := entry(c)
			of.Last = &last
		}
		if of.Open && len(of.Own) < page.OwnShown {
			of.Own = append(of.Own, entry(c))
		}
	}
}

// entryView is one line of the chronicle; it links to what is still in the world.
func (s *Service) entryView(w world, c *change) page.Entry {
	out := page.Entry{
		Time: c.Time, By: c.By, Kind: string(c.Kind), ByHand: c.By == byHand, App: c.App, Name: c.Name, Note: c.Note, Failed: c.Failed,
	}
	if _, err := s.connect(w, c.ConnectID); err == nil {
		out.Link = page.Show(c.ConnectID)
	} else if _, ok := w.account(c.AccountID); ok {
		out.Link = page.ShowAccount(c.AccountID)
	}
	for _, e := range c.Edits {
		out.Edits = append(out.Edits, page.Edit(e))
	}
	return out
}

// group tells what happened in a part of the chronicle.
func group(query page.Query, part []*change, entry func(*change) page.Entry) page.Group {
	first, last := part[0], part[len(part)-1]
	g := page.Group{
		ID: first.Seq, By: first.By, ByHand: first.By == byHand, From: first.Time, To: last.Time, Total: len(part),
	}
	touched := map[kind]map[string]bool{}
	for _, c := range part {
		if touched[c.Kind] == nil {
			touched[c.Kind] = map[string]bool{}
		}
		touched[c.Kind][c.ConnectID+c.AccountID] = true
	}
	for _, what := range []kind{
		kindConnected, kindReconnected, kindExpired, kindDisconnected, kindMade, kindRenamed, kindEdited, kindSaved, kindTested, kindFailed, kindTurnedOn, kindTurnedOff, kindRan, kindDeleted,
	} {
		if n := len(touched[what]); n > 0 {
			g.Counts = append(g.Counts, page.Count{N: n, Kind: what.short(n)})
		}
	}
	most := page.EntriesShown
	if query.Group == first.Seq {
		most = len(part)
	} else if len(part) > most {
		g.Link = query.Whole(first.Seq)
	}
	for _, c := range slices.Backward(part[max(0, len(part)-most):]) {
		g.Entries = append(g.Entries, entry(c))
	}
	return g
}

// short is the word for a number of changes of a kind.
func (k kind) short(count int) string {
	if !k.ofAccount() {
		return strings.TrimPrefix(string(k), "turned ")
	}
	if count == 1 {
		return "account " + string(k)
	}
	return "accounts " + string(k)
}
