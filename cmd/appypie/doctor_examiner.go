package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/auth"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

// verdict says in a word how an operation did.
type verdict string

// The verdicts.
const (
	verdictAssumed verdict = "works as assumed"
	// verdictDialect means that it works, and that the user's dialect or endpoints
	// say how.
	verdictDialect    verdict = "works by your dialect"
	verdictUnexpected verdict = "unexpected answer"
	// verdictAbsent means 404, 405, 410 or 501.
	verdictAbsent verdict = "absent"
	// verdictRefused means that the service understood and said no.
	verdictRefused verdict = "refused"
	// verdictFailed means that nothing was learned: no answer, no credentials, or
	// a failure of the service.
	verdictFailed  verdict = "failed"
	verdictSkipped verdict = "skipped"
)

func (v verdict) works() bool { return v == verdictAssumed || v == verdictDialect }

// finding is how an operation answered.
type finding struct {
	Operation  dialect.Operation `json:"operation"`
	Provenance string            `json:"provenance"`
	Method     string            `json:"method"`
	Path       string            `json:"path"`
	Verdict    verdict           `json:"verdict"`
	Detail     string            `json:"detail"`
	// Status is the HTTP status; 0 means that no answer arrived.
	Status    int    `json:"status"`
	RequestID string `json:"request_id"`
	// Override is the endpoint that works instead.
	Override string `json:"override"`
	// Fix is the member of the dialect that would make it work, and its line.
	Fix string `json:"fix"`
	// Sent and Answered are the decisive exchange without secrets.
	Sent     string `json:"sent"`
	Answered string `json:"answered"`
	// Yielded and Missing are the members that the dialect found in the answer,
	// and those that it did not.
	Yielded []string `json:"yielded"`
	Missing []string `json:"missing"`

	// exchange is the decisive one; first is what an operation that finishes later
	// began with.
	exchange, first connectapi.Exchange
}

// examiner calls the service with the client that the provider uses, and keeps
// what was sent and what came back.
type examiner struct {
	cfg      connectapi.Config
	settings settings
	client   *connectapi.Client
	spoken   *dialect.Dialect
	// overrides are the endpoints that were found to work instead of others.
	overrides map[string]string
	found     map[dialect.Operation]finding
	// asking is told of each operation before it is called for the first time.
	asking func(dialect.Operation)

	mu      sync.Mutex
	seen    []connectapi.Exchange
	secrets []string
}

// newExaminer asks a failing service fewer times than the provider does.
func newExaminer(s settings, asking func(dialect.Operation)) (*examiner, error) {
	cfg, err := s.config()
	if err != nil {
		return nil, err
	}
	e := &examiner{
		cfg: cfg, settings: s, spoken: cfg.Dialect, asking: asking,
		overrides: map[string]string{}, found: map[dialect.Operation]finding{},
		secrets: []string{s.platformKey.TokenKey, s.platformKey.SecretKey, s.auth.ClientSecret},
	}
	e.cfg.Retry = connectapi.RetryPolicy{Max: 1, MinWait: 200 * time.Millisecond}
	e.cfg.Trace = e.note
	e.cfg.Tokens = tokenEar{cfg.Tokens, e.keep}
	if cfg.PlatformKeys != nil {
		e.cfg.PlatformKeys = keyEar{cfg.PlatformKeys, e.keep}
	}
	e.client, err = clientOf(e.cfg)
	return e, err
}

// tokenEar and keyEar overhear credentials, so that no answer that quotes one is
// shown with it.
type tokenEar struct {
	auth.Source
	keep func(string)
}

func (t tokenEar) Token(ctx context.Context) (auth.Token, error) {
	token, err := t.Source.Token(ctx)
	t.keep(token.AccessToken)
	return token, err
}

type keyEar struct {
	connectapi.PlatformKeySource
	keep func(string)
}

func (k keyEar) Key(ctx context.Context) (string, error) {
	key, err := k.PlatformKeySource.Key(ctx)
	k.keep(key)
	return key, err
}

func (e *examiner) keep(secret string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !slices.Contains(e.secrets, secret) {
		e.secrets = append(e.secrets, secret)
	}
}

func (e *examiner) note(x connectapi.Exchange) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seen = append(e.seen, x)
}

// fresh is a client that remembers nothing, and speaks the overrides.
func (e *examiner) fresh() (*connectapi.Client, *dialect.Dialect, error) {
	spoken, err := e.settings.dialect(dialect.Endpoints(e.overrides))
	if err != nil {
		return nil, nil, err
	}
	cfg := e.cfg
	cfg.Dialect = spoken
	client, err := clientOf(cfg)
	return client, spoken, err
}

// renew goes on with a fresh client.
func (e *examiner) renew() error {
	client, spoken, err := e.fresh()
	if err == nil {
		e.client, e.spoken = client, spoken
	}
	return err
}

// findings are those of the operations, in the order of the reference.
func (e *examiner) findings() []finding {
	all := []finding{}
	for _, op := range dialect.Operations() {
		if f, there := e.found[op]; there {
			all = append(all, f)
		}
	}
	return all
}

func (e *examiner) blank(op dialect.Operation) finding {
	f := finding{Operation: op, Provenance: "assumed", Yielded: []string{}, Missing: []string{}}
	if connectapi.OperationOf(op).Documented() {
		f.Provenance = "documented"
	}
	f.Method, f.Path = e.spoken.Request(op)
	return f
}

func (e *examiner) skipped(op dialect.Operation, reason string) finding {
	f := e.blank(op)
	f.Verdict, f.Detail = verdictSkipped, reason
	return f
}

// try makes a call of the client and judges the operation that it is for.
func (e *examiner) try(op dialect.Operation, call func(*connectapi.Client) error) finding {
	e.mu.Lock()
	e.seen = nil
	e.mu.Unlock()
	err := call(e.client)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.judge(op, err)
}

// judge makes a finding of the exchanges of a call and of its error. An operation
// whose answer cannot be used does not work, even if the client knew another way.
func (e *examiner) judge(op dialect.Operation, err error) finding {
	f := e.blank(op)
	called, value, why := e.decisive(&f, err)
	f.Verdict = e.verdictOf(op, called, f.Status, err, why)
	inAnswer := why != nil
	if err == nil {
		err = why
	}
	if apiErr, ok := errors.AsType[*connectapi.APIError](err); ok {
		f.RequestID = apiErr.RequestID
	}
	missing, ok := missingOf(why)
	if !ok {
		missing, ok = missingOf(err)
	}
	if ok {
		f.Fix = fmt.Sprintf("%s (%s)", missing.Fix, missing.Place)
	}
	f.Detail = e.detail(op, err)
	switch {
	case f.Verdict.works() && err != nil:
		f.Detail = "it ran, and ended with: " + f.Detail
	case f.Verdict.works() && isEmptyList(value):
		f.Detail = "it answers with no entries, so nothing is known of their members"
	case called && f.Status == 0 && !strings.Contains(f.Detail, "no answer"):
		f.Detail = "no answer: " + f.Detail
	case called && !inAnswer && f.Verdict == verdictFailed:
		f.Detail = "it answers as expected, but then " + f.Detail
	}
	return f
}

// decisive finds the exchange that says how the operation did: for a success the
// answer that says most, for a failure the last. why is what is wrong with it.
func (e *examiner) decisive(f *finding, err error) (called bool, value any, why error) {
	for _, x := range e.seen {
		if x.Operation != f.Operation {
			continue
		}
		got, readErr := any(nil), x.Err
		if x.Err == nil {
			got, readErr = readAnswer(e.spoken, f.Operation, x.Status, x.Body)
		}
		if !called {
			f.first = x
		}
		if !called || err != nil || readErr == nil && (why != nil || len(f.Yielded) == 0) {
			f.exchange, value, why = x, got, readErr
			f.Yielded, f.Missing = membersOf(value, dialect.Shape(f.Operation))
		}
		called = true
	}
	if called {
		f.Status, f.Sent, f.Answered = f.exchange.Status, e.sent(f.exchange, false), e.answered(f.exchange, false)
	}
	f.Yielded, f.Missing = append([]string{}, f.Yielded...), append([]string{}, f.Missing...)
	return called, value, why
}

func (e *examiner) verdictOf(op dialect.Operation, called bool, status int, err, why error) verdict {
	var failed *connectapi.TestFailedError
	var hidden *connectapi.HiddenOptionsError
	var wrongJSON *refusedError
	var noAnswer *connectapi.TransportError
	_, missing := missingOf(errors.Join(err, why))
	switch {
	case why == nil && (err == nil || errors.As(err, &failed)):
		if slices.ContainsFunc(e.spoken.Lines(op), func(l dialect.Line) bool { return l.Place.Source != "" }) {
			return verdictDialect
		}
		return verdictAssumed
	case called && why != nil && slices.Contains([]int{http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented}, status):
		return verdictAbsent
	case called && status == 0, errors.As(err, &noAnswer):
		return verdictFailed
	case missing, errors.Is(err, connectapi.ErrUnexpectedAnswer), errors.Is(err, connectapi.ErrNotTaken), errors.As(err, &hidden):
		return verdictUnexpected
	case errors.As(why, &wrongJSON):
		if class := wrongJSON.refusal.Class; class != "" && class != dialect.RateLimited {
			return verdictRefused
		}
		return verdictFailed
	case why != nil:
		return verdictUnexpected
	}
	return verdictFailed
}

// detail says what is wrong, without what the finding says already.
func (e *examiner) detail(op dialect.Operation, err error) string {
	if err == nil {
		return ""
	}
	text := wire.Said(err.Error(), e.secrets...)
	if apiErr, ok := errors.AsType[*connectapi.APIError](err); ok && apiErr.Operation == op {
		text = apiErr.Message
		if !errors.Is(apiErr, connectapi.ErrUnexpectedAnswer) {
			short := *apiErr
			if strings.HasPrefix(short.Message, "no message, ") {
				short.Message = "no message where errors.message looks for it"
			}
			short.Message, short.RequestID = wire.Excerpt(short.Message, e.secrets...), ""
			_, text, _ = strings.Cut(short.Error(), ") answered ")
		}
	} else if change, ok := errors.AsType[*connectapi.ChangeError](err); ok {
		text = wire.Said(change.Err.Error(), e.secrets...)
	}
	return strings.TrimPrefix(text, string(op)+": ")
}

// sent is a request without secrets; whole sets its body on several lines.
func (e *examiner) sent(x connectapi.Exchange, whole bool) string {
	text := x.Request.Method + " " + x.Request.Path
	if len(x.Request.Query) > 0 {
		query := maps.Clone(x.Request.Query)
		for name := range query {
			if wire.LooksSecret(name) {
				query[name] = []string{wire.Redacted}
			}
		}
		text += "?" + strings.ReplaceAll(query.Encode(), url.QueryEscape(wire.Redacted), wire.Redacted)
	}
	text = wire.Redact(text, e.secrets...)
	if len(x.Request.Body) > 0 {
		text += map[bool]string{false: " ", true: "\n"}[whole] + shownJSON(x.Request.Body, whole, e.secrets)
	}
	return text
}

// shortAnswer bounds an answer that is not shown in full, in characters.
const shortAnswer = 240

func (e *examiner) answered(x connectapi.Exchange, whole bool) string {
	if x.Err != nil {
		return "no answer: " + wire.Said(x.Err.Error(), e.secrets...)
	}
	text := fmt.Sprintf("HTTP %d", x.Status)
	if kind, _, _ := strings.Cut(x.ContentType, ";"); kind != "" {
		text += ", " + kind
	}
	body := shownJSON(x.Body, whole, e.secrets)
	if runes := []rune(body); !whole && len(runes) > shortAnswer {
		body = string(runes[:shortAnswer]) + "…"
	}
	return text + map[bool]string{false: " ", true: "\n"}[whole] + body
}
