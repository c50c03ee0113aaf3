package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator/foreign"
)

// Dialect says how the API of the service looks. The auth operations are the
// same in all.
type Dialect string

// The dialects that the service speaks.
const (
	DialectContract Dialect = "contract" // as the contract says
	DialectRPC      Dialect = "rpc"      // procedures, see foreign.RPC
	DialectREST     Dialect = "rest"     // resources, see foreign.REST
)

// speaker returns who translates, nil for the contract.
func (d Dialect) speaker() foreign.Speaker {
	switch d {
	case DialectRPC:
		return foreign.RPC{}
	case DialectREST:
		return foreign.REST{}
	default:
		return nil
	}
}

// question is what a request asks for, in the words of the contract.
type question struct {
	route   *route
	params  map[string]string
	foreign *foreign.Call // nil for the contract's own words
	// unclear is why the arguments cannot be understood. The request is refused
	// where the contract's handlers refuse: after limit, credentials and faults.
	unclear error
}

// foreignRoutes is what the contract does not have or does in another way.
func foreignRoutes(d Dialect) []*route {
	if d != DialectREST {
		return nil
	}
	return []*route{
		{operation: operation{id: foreign.GetConnect, handle: (*Service).getConnect}},
		{operation: operation{id: foreign.PollTest, handle: (*Service).pollTest}},
		{operation: operation{id: opRunTest, handle: (*Service).beginTest}},
	}
}

// understand finds out what a request asks for. The error is for a request to
// nothing.
func (s *Service) understand(r *http.Request, body []byte) (question, error) {
	below, api := strings.CutPrefix(r.URL.EscapedPath(), APIBase+"/")
	if s.speaker == nil || !api {
		route, params, err := s.find(r)
		return question{route: route, params: params}, err
	}
	segments, err := unescapeAll(strings.Split(below, "/"))
	if err != nil {
		return question{}, err
	}
	asked, err := s.speaker.Read(foreign.Request{Method: r.Method, Segments: segments, Query: r.URL.Query(), Body: body})
	if native, params, failed := s.find(r); asked.Operation == "" && failed == nil && !s.speaker.Speaks(native.id) {
		asked = foreign.Call{Operation: native.id, Params: params, Query: r.URL.Query(), Body: asObject(body)}
		return question{route: native, params: params, foreign: &asked}, nil
	}
	i := slices.IndexFunc(s.routes, func(one *route) bool { return one.id == asked.Operation })
	if i < 0 {
		return question{foreign: &asked}, toAPIError(err)
	}
	return question{route: s.routes[i], params: asked.Params, foreign: &asked, unclear: toAPIError(err)}, nil
}

// asObject reads a body; nil where it is no JSON object.
func asObject(body []byte) map[string]any {
	object, _ := decodeAny(body).(map[string]any)
	return object
}

// toAPIError is a refusal of the translation in the envelope of the API.
func toAPIError(err error) error {
	if err == nil {
		return nil
	}
	refused, ok := err.(*foreign.RefusalError) //nolint:errorlint // Read returns nothing else and wraps nothing.
	if !ok {
		return err
	}
	return &apiError{status: refused.Status, message: refused.Message, fields: refused.Fields}
}

// canonical puts what a foreign request said where the handlers look.
func (c *call) canonical(asked foreign.Call) error {
	c.query, c.window, c.body = asked.Query, asked.Window, nil
	if asked.Body == nil {
		return nil
	}
	body, err := json.Marshal(asked.Body)
	c.body = body
	return err
}

// speak renders an answer in the words of the service, once.
func (s *Service) speak(c *call, answer reply) reply {
	if c.foreign == nil || answer.spoken {
		return answer
	}
	var said foreign.Answer
	switch {
	case answer.refused != nil:
		said = s.speaker.Refuse(foreign.RefusalError{
			Status: answer.status, Reason: answer.refused.reason, Message: answer.refused.message, Fields: answer.refused.fields,
		})
	default:
		document, _ := decodeAny(answer.body).(map[string]any)
		total, _ := document["total"].(json.Number)
		count, _ := total.Int64()
		said = s.speaker.Succeed(*c.foreign, foreign.Success{Data: document["data"], Total: int(count)})
	}
	header := answer.header.Clone()
	header.Del("Content-Type")
	if said.ContentType != "" {
		header.Set("Content-Type", said.ContentType)
	}
	return reply{status: said.Status, header: header, body: said.Body, spoken: true}
}

// distorted is an answer as the service says it and the fault leaves it. Lies
// about the content come before the words, damage to the words after.
func (s *Service) distorted(c *call, fault Fault, answer reply, asked string) reply {
	if c.foreign == nil {
		return c.applyQuirks(fault.distort(answer, asked))
	}
	switch fault.Kind {
	case FaultShrunkPage, FaultRepeatedPage, FaultLyingTotal, FaultMaskedValues, FaultUnknownStatus:
		return s.speak(c, fault.distort(answer, asked))
	default:
		damaged := fault.distort(s.speak(c, answer), asked)
		damaged.spoken = true
		return damaged
	}
}

// getConnect answers one connect, which the contract cannot.
func (s *Service) getConnect(c *call) (any, error) {
	held, err := s.connect(c.world, c.params["connectId"])
	if err != nil {
		return nil, err
	}
	return s.wireConnect(held), nil
}

// testRun is a test whose outcome is asked for later.
type testRun struct {
	connectID string
	result    wireTestResult
	polls     int
	due       time.Time
}

// States of a test run.
const (
	runQueued    = "queued"
	runExecuting = "executing"
	runDone      = "done"
)

// beginTest runs a test and keeps its outcome until it is asked for.
func (s *Service) beginTest(c *call) (any, error) {
	result, err := s.runTest(c)
	if err != nil {
		return nil, err
	}
	tested, _ := result.(wireTestResult)
	id := s.nextID("run")
	s.runs[id] = &testRun{connectID: c.params["connectId"], result: tested, due: s.clock.Now().Add(s.cfg.TestDuration)}
	return map[string]any{"runId": id, "state": runQueued}, nil
}

// pollTest answers how far a test is. At least one poll finds it not done.
func (s *Service) pollTest(c *call) (any, error) {
	id := c.params["runId"]
	run := s.runs[id]
	if run == nil || run.connectID != c.params["connectId"] {
		return nil, notFound("test run", id)
	}
	if run.polls++; run.polls == 1 || s.clock.Now().Before(run.due) {
		return map[string]any{"runId": id, "state": runExecuting}, nil
	}
	return map[string]any{"runId": id, "state": runDone, "steps": run.result.Steps}, nil
}

// isLaterPage reports whether a request asks for a page after the first. It is
// wrong about the second page of a service that counts from 0.
func isLaterPage(e Entry) bool {
	page := e.Query.Get(pageParameter)
	var body struct {
		Skip int `json:"skip"`
	}
	_ = json.Unmarshal(e.Body, &body) // No body has no skip.
	return page != "" && page != "0" && page != "1" || e.Query.Has("cursor") || body.Skip > 0
}
