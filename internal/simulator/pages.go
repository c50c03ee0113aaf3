package simulator

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// Paths of the pages that people see. They are no operations of the contract.
const (
	overviewPath      = "/"
	authorizeDecision = "/oAuth/decision"
	accountPagePrefix = "/connect-account/"
)

func isPage(path string) bool {
	return path == overviewPath || path == authorizeDecision ||
		strings.HasPrefix(path, accountPagePrefix) || strings.HasPrefix(path, page.Prefix)
}

// pageReply is an answer for a browser.
func pageReply(status int, content []byte, err error) reply {
	if err != nil {
		return renderError(err)
	}
	return reply{status: status, header: page.Header("text/html; charset=utf-8"), body: content}
}

// dialog renders a page that says or asks something.
func (s *Service) dialog(status int, d page.Dialog) reply {
	content, err := s.pages.Dialog(d)
	return pageReply(status, content, err)
}

// servePage answers what a person's browser asks for.
func (s *Service) servePage(w http.ResponseWriter, r *http.Request) {
	if !fromLoopback(r) {
		s.write(w, r, s.dialog(http.StatusForbidden, page.Dialog{
			Title: "Not here", Text: "These pages are for this machine only.",
		}))
		return
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case reads && r.URL.Path == page.ChangesPath:
		s.serveChanges(w, r)
		return
	case reads && r.URL.Path == overviewPath:
		content, err := s.pages.Overview(s.view(page.ParseQuery(r.URL.Query()), "http://"+r.Host))
		s.write(w, r, pageReply(http.StatusOK, content, err))
		return
	}
	body, err := readBody(r)
	if err != nil {
		s.write(w, r, renderError(err))
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		form = url.Values{}
	}
	if strings.HasPrefix(r.URL.Path, page.Prefix) || r.URL.Path == overviewPath {
		s.write(w, r, s.answerOwn(r, form))
		return
	}
	s.write(w, r, s.answerPage(r, form))
}

// answerOwn answers what belongs to the overview: its files and its buttons.
func (s *Service) answerOwn(r *http.Request, form url.Values) reply {
	allow := http.MethodGet
	if r.URL.Path == page.DoPath {
		if r.Method == http.MethodPost {
			return s.press(r, form)
		}
		allow = http.MethodPost
	}
	if r.Method != allow {
		return renderError(&apiError{status: http.StatusMethodNotAllowed, message: "use " + allow, allow: allow})
	}
	content, contentType, found := page.Asset(r.URL.Path)
	if !found {
		return s.dialog(http.StatusNotFound, page.Dialog{Title: "Nothing here", Text: "There is no page with this address."})
	}
	return reply{status: http.StatusOK, header: page.Header(contentType), body: content}
}

// serveChanges sends an event at once and after each change, until the browser
// leaves or the server ends. What happens while an event is on its way makes one
// more, however much it is.
func (s *Service) serveChanges(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), page.Header("text/event-stream"))
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	for {
		// Listening comes first, so that no change falls between it and the event.
		changed := s.bell.listen()
		if _, err := io.WriteString(w, "retry: 1000\ndata: changed\n\n"); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// answerPage answers the pages that ask for a permission.
func (s *Service) answerPage(r *http.Request, form url.Values) reply {
	s.lock()
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
	case r.URL.Path == authorizeDecision:
		if problem := s.authorizeProblem(form); problem != "" || !post {
			return s.dialog(http.StatusBadRequest, page.Dialog{Title: "This request is not right", Text: problem})
		}
		return s.decideAuthorization(form, allowed)
	}
	ticket := s.grants.Tickets[strings.TrimPrefix(r.URL.Path, accountPagePrefix)]
	if ticket == nil || ticket.Used {
		return s.dialog(http.StatusNotFound, page.Dialog{Title: "This link is not valid", Text: "Ask for a new one."})
	}
	if post || s.cfg.AutoAuthorize {
		return s.decideAccount(ticket, allowed || s.cfg.AutoAuthorize)
	}
	name := ticket.AppID
	if app, ok := s.cat.App(ticket.AppID); ok {
		name = app.Name
	}
	return s.dialog(http.StatusOK, page.Dialog{
		Title: "Connect " + name, Text: "Let Connect use your " + name + " account?", Action: r.URL.Path,
	})
}
