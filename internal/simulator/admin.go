package simulator

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// adminPrefix is where a person or another process pulls the levers.
const adminPrefix = "/_simulator/"

// advancer is a clock that can be moved.
type advancer interface{ Advance(d time.Duration) }

// Summary is what happened so far.
type Summary struct {
	Connects          int            `json:"connects"`
	ConnectsOn        int            `json:"connects_on"`
	Requests          int            `json:"requests"`              // since the last reset of the journal
	RequestsBy        map[string]int `json:"requests_by_operation"` // likewise; "" is no operation
	ConnectionsOpened int64          `json:"connections_opened"`
	Tokens            TokenStats     `json:"tokens"`
}

// Summary returns what happened so far.
func (s *Service) Summary() Summary {
	out := Summary{RequestsBy: s.RequestCounts(), ConnectionsOpened: s.ConnectionsOpened(), Tokens: s.TokenStats()}
	for _, n := range out.RequestsBy {
		out.Requests += n
	}
	s.lock()
	held := s.world.connects
	s.mu.Unlock()
	out.Connects = len(held)
	for _, c := range held {
		if c.Status == StatusOn {
			out.ConnectsOn++
		}
	}
	return out
}

// serveAdmin answers the admin path, to this machine only.
func (s *Service) serveAdmin(w http.ResponseWriter, r *http.Request) {
	if !fromLoopback(r) {
		s.write(w, r, renderError(&apiError{status: http.StatusForbidden, message: "the admin path answers this machine only"}))
		return
	}
	body, err := readBody(r)
	if err != nil {
		s.write(w, r, renderError(err))
		return
	}
	result, err := s.admin(r, body)
	if err != nil {
		s.write(w, r, renderError(err))
		return
	}
	s.write(w, r, jsonReply(http.StatusOK, result))
}

// fromLoopback guards against other machines by the peer's address, against a
// name that was pointed at this machine by the Host header, and against other
// pages in a browser here by the Origin and Sec-Fetch-Site headers.
func fromLoopback(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !isLoopbackHost(peer) {
		return false
	}
	if !isLoopbackHost(hostOnly(r.Host)) {
		return false
	}
	if new(http.CrossOriginProtection).Check(r) != nil {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}

func hostOnly(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

// admin carries out one admin request.
func (s *Service) admin(r *http.Request, body []byte) (any, error) {
	done := map[string]bool{"done": true}
	command := r.Method + " " + strings.TrimPrefix(r.URL.Path, adminPrefix)
	switch command {
	case "GET journal":
		return s.Journal(), nil
	case "DELETE journal":
		s.ResetJournal()
		return done, nil
	case "GET faults":
		return s.Faults(), nil
	case "POST faults":
		return s.adminAddFault(body)
	case "DELETE faults":
		s.ClearFaults()
		return done, nil
	case "GET connects":
		return s.Connects(), nil
	case "GET summary":
		return s.Summary(), nil
	case "GET credentials":
		return map[string]string{
			"client_id": s.ClientID(), "client_secret": s.ClientSecret(),
			"token_key": s.TokenKey(), "secret_key": s.SecretKey(),
		}, nil
	case "POST login":
		return map[string]string{"refresh_token": s.Login()}, nil
	case "POST expire-tokens":
		s.ExpireAccessTokens()
		return done, nil
	case "POST clock/advance":
		return s.adminAdvance(body)
	}
	if rest, ok := strings.CutPrefix(command, "POST connects/"); ok {
		return s.adminFlip(rest)
	}
	return nil, &apiError{status: http.StatusNotFound, message: "there is no admin command " + command}
}

func (s *Service) adminAddFault(body []byte) (any, error) {
	var in faultJSON
	allowed := []string{
		"operation", "connect_id", "kind", "status", "code", "message", "retry_after", "delay",
		"body", "content_type", "writes", "location", "every", "after", "total_by", "each", "skip", "times",
	}
	if err := decodeObject(body, allowed, &in); err != nil {
		return nil, err
	}
	f, err := in.fault()
	if err != nil {
		return nil, badRequest(err.Error())
	}
	s.AddFault(f)
	return s.Faults(), nil
}

// adminAdvance moves the clock by {"by": "2h"}.
func (s *Service) adminAdvance(body []byte) (any, error) {
	clock, ok := s.clock.(advancer)
	if !ok {
		return nil, badRequest("this simulator's clock cannot be moved")
	}
	var in struct {
		By string `json:"by"`
	}
	if err := decodeObject(body, []string{"by"}, &in); err != nil {
		return nil, err
	}
	by, err := time.ParseDuration(in.By)
	if err != nil || by <= 0 {
		return nil, badField("by", "must be a duration such as 2h")
	}
	clock.Advance(by)
	return map[string]string{"now": wireTime(s.now())}, nil
}

// adminFlip is a person's hand on the switch: {id}/turn-on or {id}/turn-off.
func (s *Service) adminFlip(rest string) (any, error) {
	id, verb, _ := strings.Cut(rest, "/")
	status := map[string]string{"turn-on": StatusOn, "turn-off": StatusOff}[verb]
	if status == "" {
		return nil, &apiError{status: http.StatusNotFound, message: "a connect can be turned on with turn-on and off with turn-off"}
	}
	if err := s.Edit(id, func(c *Connect) { c.Status = status }); err != nil {
		return nil, err
	}
	flipped, _ := s.Connect(id)
	return flipped, nil
}
