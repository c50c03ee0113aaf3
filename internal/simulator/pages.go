package simulator

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// Paths of the pages that people see. They are no operations of the contract.
const (
	authorizeDecision = "/oAuth/decision"
	accountPagePrefix = "/connect-account/"
)

func isPage(path string) bool {
	return path == "/" || path == authorizeDecision || strings.HasPrefix(path, accountPagePrefix)
}

// pageData fills a page.
type pageData struct {
	Title, Text string
	Action      string            // where the form goes
	Hidden      map[string]string // what the form repeats
	Connects    []overviewRow
	History     []overviewEvent
	Accounts    []*Account
}

// pageTemplates are the pages: small, without scripts and without anything from
// elsewhere.
const pageTemplates = `
{{define "head"}}<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:3rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
button{font:inherit;padding:.4rem 1.2rem}</style></head><body><h1>{{.Title}}</h1>{{end}}
{{define "message"}}{{template "head" .}}<p>{{.Text}}</p></body></html>{{end}}
{{define "question"}}{{template "head" .}}<p>{{.Text}}</p><form method="post" action="{{.Action}}">
{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form></body></html>{{end}}
{{define "overview"}}{{template "head" .}}<meta http-equiv="refresh" content="2"><p>{{.Text}}</p>
<h2>Connects</h2><table><tr><th>Status</th><th>Name</th><th>Popular match</th><th>Updated</th><th>Id</th></tr>
{{range .Connects}}<tr><td>{{.Status}}</td><td>{{.Name}}</td><td>{{.Match}}</td><td>{{.Updated}}</td><td><code>{{.ID}}</code></td></tr>
{{else}}<tr><td colspan="5">None yet.</td></tr>{{end}}</table>
<h2>History</h2><table><tr><th>Time</th><th>Connect</th><th>Result</th><th>Message</th></tr>
{{range .History}}<tr><td>{{.Time}}</td><td><code>{{.ConnectID}}</code></td><td>{{.Status}}</td><td>{{.Message}}</td></tr>
{{else}}<tr><td colspan="4">None yet.</td></tr>{{end}}</table>
<h2>Connected accounts</h2><table><tr><th>Status</th><th>Name</th><th>Id</th></tr>
{{range .Accounts}}<tr><td>{{.Status}}</td><td>{{.Name}}</td><td><code>{{.ID}}</code></td></tr>{{end}}</table></body></html>{{end}}
`

func parsePages() (*template.Template, error) { return template.New("pages").Parse(pageTemplates) }

// page renders a page.
func (s *Service) page(status int, name string, data pageData) reply {
	var buf bytes.Buffer
	if err := s.pages.ExecuteTemplate(&buf, name, data); err != nil {
		return renderError(err)
	}
	return htmlReply(status, buf.Bytes())
}

// servePage answers what a person's browser asks for.
func (s *Service) servePage(w http.ResponseWriter, r *http.Request) {
	if !fromLoopback(r) {
		s.write(w, r, s.page(http.StatusForbidden, "message", pageData{
			Title: "Not here", Text: "These pages are for this machine only.",
		}))
		return
	}
	body, err := readBody(r)
	if err != nil {
		s.write(w, r, renderError(err))
		return
	}
	s.write(w, r, s.answerPage(r, body))
}

func (s *Service) answerPage(r *http.Request, body []byte) reply {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		form = url.Values{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.pageFor(r, form)
	if err := s.save(); err != nil {
		return renderError(err)
	}
	return answer
}

func (s *Service) pageFor(r *http.Request, form url.Values) reply {
	post := r.Method == http.MethodPost
	allowed := form.Get("decision") == "allow"
	form.Del("decision")
	switch {
	case r.Method != http.MethodGet && !post:
		return renderError(&apiError{status: http.StatusMethodNotAllowed, message: "use GET or POST", allow: "GET, POST"})
	case r.URL.Path == "/":
		return s.page(http.StatusOK, "overview", s.overview())
	case r.URL.Path == authorizeDecision:
		if problem := s.authorizeProblem(form); problem != "" || !post {
			return s.page(http.StatusBadRequest, "message", pageData{Title: "This request is not right", Text: problem})
		}
		return s.decideAuthorization(form, allowed)
	}
	ticket := s.grants.Tickets[strings.TrimPrefix(r.URL.Path, accountPagePrefix)]
	if ticket == nil || ticket.Used {
		return s.page(http.StatusNotFound, "message", pageData{Title: "This link is not valid", Text: "Ask for a new one."})
	}
	if post || s.cfg.AutoAuthorize {
		return s.decideAccount(ticket, allowed || s.cfg.AutoAuthorize)
	}
	name := ticket.AppID
	if app, ok := s.cat.App(ticket.AppID); ok {
		name = app.Name
	}
	return s.page(http.StatusOK, "question", pageData{
		Title: "Connect " + name, Text: "Let Connect use your " + name + " account?", Action: r.URL.Path,
	})
}

type overviewRow struct{ Status, Name, Match, Updated, ID string }

type overviewEvent struct{ Time, ConnectID, Status, Message string }

// overviewHistory is how many of the newest events the overview shows.
const overviewHistory = 30

// overview is the whole service on one page, for a person who watches Terraform work.
func (s *Service) overview() pageData {
	data := pageData{
		Title: "Connect simulator", Accounts: s.world.accounts,
		Text: "What this simulated service holds right now. The page follows by itself.",
	}
	for _, c := range s.world.connects {
		row := overviewRow{Status: c.Status, Name: c.Name, Updated: wireTime(c.UpdatedAt), ID: c.ID}
		if match, ok := s.cat.Match(c.PopularMatchID); ok {
			row.Match = match.Title
		}
		data.Connects = append(data.Connects, row)
	}
	for i := len(s.world.history) - 1; i >= 0 && len(data.History) < overviewHistory; i-- {
		e := s.world.history[i]
		data.History = append(data.History, overviewEvent{wireTime(e.FinishedAt), e.ConnectID, e.Status, e.Message})
	}
	return data
}
