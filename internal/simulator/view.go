package simulator

import (
	"cmp"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// view is the service as the overview shows it. Only taking the world needs the
// lock: a world and what was written of it never change, so the rest may take its
// time.
func (s *Service) view(query page.Query, address string) page.View {
	s.lock()
	w, changes := s.world, s.changes
	s.mu.Unlock()

	held := s.matching(w, query)
	number := query.Page
	if number == 0 && len(query.Open) > 0 {
		number = page.NumberOf(max(0, slices.IndexFunc(held, func(c *Connect) bool { return c.ID == query.Open[0] })))
	}
	v := page.View{
		Query: query, Address: address, ClientID: s.ClientID(), Total: len(w.connects), Matching: len(held),
		Range: page.Cut(len(held), number), Apps: s.appsView(),
		Breaks: breakChoices(false), Armed: s.armed(),
	}
	for _, c := range w.connects {
		if c.Status == StatusOn {
			v.On++
		}
	}
	v.Accounts = s.accountsView(w)
	for _, c := range held[v.Range.From:v.Range.To] {
		one := s.rowView(c, query)
		if one.Open {
			s.openView(&one, c, w)
		}
		v.Connects = append(v.Connects, one)
	}
	s.addChanges(&v, w, changes)
	for _, e := range s.newestRequests(page.RequestsShown) {
		v.Requests = append(v.Requests, page.Request{
			Operation: e.Operation, Method: e.Method, Path: strings.TrimPrefix(e.Path, APIBase),
			Fault: string(e.Fault), Status: e.Status, Time: e.Time,
		})
	}
	return v
}

// matching returns the connects that a query asks for, oldest first: what is new
// comes at the end, where it moves nothing that somebody is reading.
func (s *Service) matching(w world, query page.Query) []*Connect {
	text := strings.ToLower(strings.TrimSpace(query.Text))
	return keep(w.connects, func(c *Connect) bool {
		if query.Switch != "" && (query.Switch == page.SwitchOn) != (c.Status == StatusOn) {
			return false
		}
		return text == "" || strings.Contains(strings.ToLower(s.searchText(c)), text)
	})
}

// searchText is what a person may search a connect by. The separator keeps a
// search from matching across two names. Secret values are masks here, so that
// nobody can guess at them.
func (s *Service) searchText(c *Connect) string {
	words := []string{c.Name, c.ID}
	for _, step := range c.steps() {
		words = append(words, s.appName(step.AppID), s.event(*step).Name, s.accountName(step.AccountID))
		for _, option := range s.shownOptions(*step) {
			words = append(words, option.text)
			if option.text != maskText {
				words = append(words, option.value)
			}
		}
	}
	return strings.Join(words, "\n")
}

func (s *Service) accountsView(w world) []page.Account {
	uses := map[string]int{}
	for _, c := range w.connects {
		for account := range accountsOf(c) {
			uses[account]++
		}
	}
	var out []page.Account
	for _, a := range w.accounts {
		out = append(out, page.Account{
			ID: a.ID, Name: a.Name, App: s.appName(a.AppID), Status: a.Status, Good: a.Status == AccountActive, Uses: uses[a.ID],
		})
	}
	slices.SortStableFunc(out, func(a, b page.Account) int { return cmp.Compare(b.Uses, a.Uses) })
	return out
}

// accountsOf returns the accounts that a connect uses, each once.
func accountsOf(c *Connect) map[string]bool {
	used := map[string]bool{}
	for _, step := range c.steps() {
		if step.AccountID != "" {
			used[step.AccountID] = true
		}
	}
	return used
}

func (s *Service) appsView() []page.App {
	var out []page.App
	for _, app := range s.cat.Apps() {
		out = append(out, page.App{
			ID: app.ID, Name: app.Name, Triggers: len(s.cat.Triggers(app.ID)), Actions: len(s.cat.Actions(app.ID)),
		})
	}
	return out
}

// appName is the name of an app, or its id when a state file knows apps that the
// catalog does not.
func (s *Service) appName(id string) string {
	if app, ok := s.cat.App(id); ok {
		return app.Name
	}
	return id
}
