package simulator

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// view is the service as the overview shows it. Only taking the world needs the
// lock: a world never changes, so the rest may take its time.
func (s *Service) view(query page.Query) page.View {
	s.lock()
	w := s.world
	s.mu.Unlock()

	held := s.matching(w, query)
	v := page.View{
		Query: query, Total: len(w.connects), Matching: len(held),
		Range: page.Cut(len(held), query.Page), Apps: s.appsView(),
	}
	uses := map[string]int{}
	for _, c := range w.connects {
		if c.Status == StatusOn {
			v.On++
		}
		for account := range accountsOf(c) {
			uses[account]++
		}
	}
	accounts := map[string]*Account{}
	for _, a := range w.accounts {
		accounts[a.ID] = a
		v.Accounts = append(v.Accounts, page.Account{
			ID: a.ID, Name: a.Name, App: s.appName(a.AppID), Status: a.Status, Good: a.Status == AccountActive, Uses: uses[a.ID],
		})
	}
	slices.SortStableFunc(v.Accounts, func(a, b page.Account) int { return cmp.Compare(b.Uses, a.Uses) })

	for _, c := range held[v.Range.From:v.Range.To] {
		v.Connects = append(v.Connects, s.connectView(c, accounts))
	}
	addHistory(&v, w)
	for _, e := range s.newestRequests(page.RequestsShown) {
		v.Requests = append(v.Requests, page.Request{
			Operation: e.Operation, Method: e.Method, Path: strings.TrimPrefix(e.Path, APIBase),
			Fault: string(e.Fault), Status: e.Status, Time: e.Time,
		})
	}
	return v
}

// matching returns the connects that a query asks for, newest first.
func (s *Service) matching(w world, query page.Query) []*Connect {
	text := strings.ToLower(strings.TrimSpace(query.Text))
	fits := func(c *Connect) bool {
		if query.Switch != "" && (query.Switch == page.SwitchOn) != (c.Status == StatusOn) {
			return false
		}
		return strings.Contains(strings.ToLower(s.searchText(c)), text)
	}
	var held []*Connect
	for _, c := range slices.Backward(w.connects) {
		if !query.Filters() || fits(c) {
			held = append(held, c)
		}
	}
	return held
}

// searchText is what a person may search a connect by. The separator keeps a
// search from matching across two names.
func (s *Service) searchText(c *Connect) string {
	words := []string{c.Name, c.ID}
	for _, step := range c.steps() {
		words = append(words, s.appName(step.AppID), s.event(*step).Name)
	}
	return strings.Join(words, "\n")
}

func (s *Service) connectView(c *Connect, accounts map[string]*Account) page.Connect {
	v := page.Connect{
		ID: c.ID, Name: c.Name, On: c.Status == StatusOn, Stale: !c.Tested, Created: c.CreatedAt, Updated: c.UpdatedAt,
	}
	if match, ok := s.cat.Match(c.PopularMatchID); ok {
		v.Match = match.Title
	}
	for _, step := range c.steps() {
		v.Steps = append(v.Steps, s.stepView(*step, accounts))
	}
	return v
}

func (s *Service) stepView(step Step, accounts map[string]*Account) page.Step {
	event := s.event(step)
	v := page.Step{ID: step.StepID, App: s.appName(step.AppID), Event: event.Name, Account: step.AccountID}
	if app, ok := s.cat.App(step.AppID); ok {
		v.NeedsAccount = app.AuthType != ""
	}
	if a, ok := accounts[step.AccountID]; ok {
		v.Account = a.Name
		if a.Status != AccountActive {
			v.AccountStatus = a.Status
		}
	} else if step.AccountID != "" {
		v.AccountStatus = "gone"
	}
	rest := step.clone().Options
	for _, field := range event.Fields {
		value, set := rest[field.Key]
		delete(rest, field.Key)
		missing := field.Required && value == ""
		if !set && !missing {
			continue
		}
		option := page.Option{Key: field.Key, Value: value, Missing: missing}
		if field.Secret {
			option.Value, option.Secret = "", value != ""
		}
		v.Options = append(v.Options, option)
	}
	for key, value := range step.Typed {
		rest[key] = string(value)
	}
	for _, key := range slices.Sorted(maps.Keys(rest)) {
		v.Options = append(v.Options, page.Option{Key: key, Value: rest[key]})
	}
	return v
}

// addHistory gives a view the newest lines of the whole history and of each
// connect that it shows, in one pass.
func addHistory(v *page.View, w world) {
	names := map[string]string{}
	for _, c := range w.connects {
		names[c.ID] = c.Name
	}
	shown := map[string]*page.Connect{}
	for i := range v.Connects {
		shown[v.Connects[i].ID] = &v.Connects[i]
	}
	for _, e := range slices.Backward(w.history) {
		line := page.Event{
			ConnectID: e.ConnectID, Name: names[e.ConnectID], Message: e.Message,
			Failed: e.Status == resultFailed, Time: e.FinishedAt,
		}
		if len(v.Events) < page.EventsShown {
			v.Events = append(v.Events, line)
		}
		c := shown[e.ConnectID]
		if c == nil {
			continue
		}
		if len(c.Events) < page.OwnShown {
			c.Events = append(c.Events, line)
		}
		if c.Test == nil && strings.HasPrefix(e.Message, testMessage) {
			c.Test = &line
		}
	}
	for _, c := range shown {
		// A test that failed is no news to repeat, and what was never tested is not stale.
		c.Stale = c.Stale && c.Test != nil && !c.Test.Failed
	}
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
