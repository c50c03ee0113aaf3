package simulator

import (
	"net/http"
	"net/url"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/page"
)

// authorize is the page where a person lets the client in. What is wrong in the
// request is shown on the page and never sent to the redirect URI, which is part
// of what may be wrong.
func (s *Service) authorize(c *call) (any, error) {
	if problem := s.authorizeProblem(c.query); problem != "" {
		return s.dialog(http.StatusBadRequest, page.Dialog{Title: "This request is not right", Text: problem}), nil
	}
	if s.cfg.AutoAuthorize {
		return s.decideAuthorization(c.query, true), nil
	}
	return s.dialog(http.StatusOK, page.Dialog{
		Title:  "Authorize " + s.ClientID(),
		Text:   "This client asks to manage your connects.",
		Action: authorizeDecision, Hidden: flatten(c.query),
	}), nil
}

func (s *Service) authorizeProblem(query url.Values) string {
	method := query.Get("code_challenge_method")
	switch {
	case query.Get("client_id") != s.ClientID():
		return "client_id names no registered client."
	case query.Get("response_type") != "code":
		return "response_type must be code."
	case !isAbsoluteURL(query.Get("redirect_uri")):
		return "redirect_uri must be an absolute http or https URL without a fragment."
	case query.Get("code_challenge") != "" && method != "S256":
		return "code_challenge_method must be S256."
	case query.Get("code_challenge") == "" && method != "":
		return "code_challenge_method without a code_challenge."
	default:
		return ""
	}
}

// decideAuthorization sends the browser back with a code or with the refusal.
func (s *Service) decideAuthorization(query url.Values, allowed bool) reply {
	back := map[string]string{"error": "access_denied"}
	if allowed {
		code := s.nextSecret("code")
		s.grants.Codes[code] = &authCode{
			RedirectURI: query.Get("redirect_uri"),
			Challenge:   query.Get("code_challenge"),
			ExpiresAt:   s.clock.Now().Add(codeLife),
		}
		back = map[string]string{"code": code}
	}
	if query.Has("state") {
		back["state"] = query.Get("state")
	}
	return redirectReply(withQuery(query.Get("redirect_uri"), back))
}

func isAbsoluteURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.Fragment == ""
}

// withQuery adds parameters to a URL that may have some already.
func withQuery(target string, add map[string]string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	query := u.Query()
	for name, value := range add {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	return u.String()
}

func flatten(query url.Values) map[string]string {
	flat := map[string]string{}
	for name := range query {
		flat[name] = query.Get(name)
	}
	return flat
}
