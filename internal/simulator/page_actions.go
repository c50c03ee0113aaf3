package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/catalog"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// The buttons of the page are the levers, for people. They change the service as
// somebody in the web editor would, without the rules of the API, so that a reader
// can see what Terraform makes of it.

// press does what a button says and shows the page again, as it was.
func (s *Service) press(r *http.Request, form url.Values) reply {
	id, back := form.Get("connect"), backTo(r)
	switch form.Get("do") {
	case "login":
		return s.dialog(http.StatusOK, page.Dialog{
			Title: "A new login", Text: "Put this into a configuration. It shows secrets, though of this simulator only.",
			Code: s.providerBlock(r), Back: back,
		})
	case "repair":
		s.ClearFaults()
		return seeOther(back + "#break")
	}
	err := s.pressFor(id, form)
	if refused, ok := errors.AsType[*apiError](err); ok {
		return s.dialog(refused.status, page.Dialog{Title: "This cannot be done", Text: refused.message, Back: back})
	}
	if err != nil {
		return renderError(err)
	}
	if _, ok := s.Connect(id); !ok {
		return seeOther(back + "#connects")
	}
	return seeOther(back + "#c-" + url.PathEscape(id))
}

func seeOther(address string) reply {
	return reply{status: http.StatusSeeOther, header: http.Header{"Location": {address}}}
}

// backTo is the page that a form was sent from, or the overview.
func backTo(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || from.Path != overviewPath {
		return overviewPath
	}
	return page.ParseQuery(from.Query()).Address()
}

// pressFor presses a button that is about a connect.
func (s *Service) pressFor(id string, form url.Values) error {
	do, value := form.Get("do"), form.Get("value")
	if do == "break" {
		return s.breakOne(value, id)
	}
	held, ok := s.Connect(id)
	if !ok {
		return notFound("connect", id)
	}
	switch do {
	case page.SwitchOn:
		return s.Edit(id, func(c *Connect) { c.Status = StatusOn })
	case page.SwitchOff:
		return s.Edit(id, func(c *Connect) { c.Status = StatusOff })
	case "rename":
		name := strings.TrimSpace(value)
		if name == "" || utf8.RuneCountInString(name) > maxNameLength {
			return badField("name", fmt.Sprintf("must have 1 to %d characters", maxNameLength))
		}
		return s.Edit(id, func(c *Connect) { c.Name = s.stored(name) })
	case "test":
		return s.TestConnect(id)
	case "run":
		return s.RunConnect(id)
	case "delete":
		s.DeleteConnect(id)
		return nil
	case "account", "option":
		return s.pressStep(held, form)
	}
	return badRequest("there is no button " + do)
}

// pressStep chooses the account of a step or gives an option another value; an
// empty one clears it, but a secret, which the page never shows, stays.
func (s *Service) pressStep(held Connect, form url.Values) error {
	place := slices.IndexFunc(held.steps(), func(step *Step) bool { return step.StepID == form.Get("step") })
	if place < 0 {
		return notFound("step", form.Get("step"))
	}
	step, key, value := held.steps()[place], form.Get("key"), form.Get("value")
	if form.Get("do") == "account" {
		if value != "" {
			s.lock()
			problem := s.unfitAccount(step.AppID, value)
			s.mu.Unlock()
			if problem != "" {
				return badField("account", problem)
			}
		}
		return s.Edit(held.ID, func(c *Connect) { c.steps()[place].AccountID = value })
	}
	if key == "" {
		return badField("key", "is required")
	}
	secret := slices.ContainsFunc(s.fields(*step), func(f catalog.Field) bool { return f.Key == key && f.Secret })
	if secret && value == "" {
		return nil
	}
	return s.Edit(held.ID, func(c *Connect) { s.store(c.steps()[place], key, value) })
}

// providerBlock is the provider block with a new login.
func (s *Service) providerBlock(r *http.Request) string {
	return fmt.Sprintf(`provider "appypie" {
  api_url       = %q
  token_url     = %q
  client_id     = %q
  client_secret = %q
  refresh_token = %q
}
`, "http://"+r.Host+APIBase, "http://"+r.Host+"/v1/oauth2/token", s.ClientID(), s.ClientSecret(), s.Login())
}

// slowBy is how long a slow request takes longer.
const slowBy = 5 * time.Second

// breakage is a way to go wrong that a person can choose.
type breakage struct {
	value, label string
	fault        Fault
	single       bool // may be about one connect
}

func breakages() []breakage {
	return []breakage{
		{"test", "The next test fails", Fault{Operation: opRunTest, Kind: FaultFailedTest}, true},
		{"refused", "The next change is refused with 500", Fault{Kind: FaultStatus, Status: http.StatusInternalServerError, Match: changes}, true},
		{"lost", "The next change is done, and its answer gets lost", Fault{Kind: FaultResetAfterCommit, Match: changes}, true},
		{"ignored", "The next change is answered, and not done", Fault{Kind: FaultNotApplied, Match: changes}, true},
		{"slow", "The next request takes 5 s longer", Fault{Kind: FaultDelay, Delay: slowBy}, true},
		{"stale", "The next listing is one change old", Fault{Operation: opListConnects, Kind: FaultStaleList}, false},
		{"busy", "The next 3 requests are refused with 429", Fault{Kind: FaultStatus, Status: http.StatusTooManyRequests, Times: 3}, false},
	}
}

// changes reports whether a request changes a connect.
func changes(e Entry) bool {
	return slices.Contains([]string{
		opCreateConnect, "edit_trigger_options", "edit_action_options", "turn_on_connect", "turn_off_connect", "update_connect_name", "delete_connect",
	}, e.Operation)
}

func breakChoices(single bool) []page.Choice {
	var out []page.Choice
	for _, b := range breakages() {
		if b.single || !single {
			out = append(out, page.Choice{Value: b.value, Label: b.label})
		}
	}
	return out
}

// breakOne arms a fault, for one connect where an id is given.
func (s *Service) breakOne(value, id string) error {
	for _, b := range breakages() {
		if b.value == value && (b.single || id == "") {
			b.fault.ConnectID = id
			s.AddFault(b.fault)
			return nil
		}
	}
	return badField("value", "is no way to go wrong")
}

// armed says what will go wrong.
func (s *Service) armed() []string {
	var out []string
	for _, f := range s.Faults() {
		text := fmt.Sprintf("%s on %s", f.Kind, cmp.Or(f.Operation, "any operation"))
		for _, b := range breakages() {
			if b.fault.Kind == f.Kind && b.fault.Operation == f.Operation && b.fault.Status == f.Status {
				text = b.label
			}
		}
		if c, ok := s.Connect(f.ConnectID); ok {
			text += ": " + c.Name
		}
		if f.Times > 1 {
			text += fmt.Sprintf(", %d still to come", f.Times)
		}
		out = append(out, text)
	}
	return out
}
