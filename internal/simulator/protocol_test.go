package simulator_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

func TestProtocolRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	create := "/connect/popular-match/" + b.match(sheetsToHubSpot).ID
	name := object{"name": "c"}
	for title, test := range map[string]struct {
		method, path string
		body         any
		headers      []string
		status       int
	}{
		"unknown path":        {http.MethodGet, "/nonsense", nil, nil, 404},
		"path too long":       {http.MethodGet, "/connects/x", nil, nil, 404},
		"empty placeholder":   {http.MethodGet, "/app/detail/", nil, nil, 404},
		"wrong method":        {http.MethodPost, "/connects", nil, nil, 405},
		"wrong method, id":    {http.MethodGet, "/connect/" + strings.Repeat("0", 24), nil, nil, 405},
		"unknown app":         {http.MethodGet, "/app/detail/nonsense", nil, nil, 404},
		"unknown match":       {http.MethodGet, "/popular-match/detail/nonsense", nil, nil, 404},
		"unknown trigger":     {http.MethodGet, "/app/trigger/detail/nonsense", nil, nil, 404},
		"trigger as action":   {http.MethodGet, "/app/action/detail/" + b.match(sheetsToHubSpot).Trigger.EventID, nil, nil, 404},
		"triggers of nothing": {http.MethodGet, "/app/trigger/list/nonsense", nil, nil, 404},
		"connect of nothing":  {http.MethodPost, "/connect/popular-match/nonsense", name, nil, 404},
		"history of nothing":  {http.MethodGet, "/connect/history/nonsense", nil, nil, 404},
		"test of nothing":     {http.MethodPost, "/connect/test/nonsense", nil, nil, 404},
		"HTML only":           {http.MethodGet, "/connects", nil, []string{"Accept", "text/html"}, 406},
		"JSON not at all":     {http.MethodGet, "/connects", nil, []string{"Accept", "application/json;q=0, text/html"}, 406},
		"anything":            {http.MethodGet, "/connects", nil, []string{"Accept", "text/html, */*;q=0.1"}, 200},
		"a form":              {http.MethodPost, create, []byte("name=c"), []string{"Content-Type", "application/x-www-form-urlencoded"}, 406},
		"no content type":     {http.MethodPost, create, []byte(`{"name":"c"}`), []string{"Content-Type", ""}, 406},
		"with a charset":      {http.MethodPost, create, name, []string{"Content-Type", "application/json; charset=utf-8"}, 200},
		"no body":             {http.MethodPost, create, nil, nil, 400},
		"a list":              {http.MethodPost, create, []byte(`[]`), nil, 400},
		"null":                {http.MethodPost, create, []byte(`null`), nil, 400},
		"half of JSON":        {http.MethodPost, create, []byte(`{"name":"c"`), nil, 400},
		"more than JSON":      {http.MethodPost, create, []byte(`{"name":"c"} {}`), nil, 400},
		"unknown member":      {http.MethodPost, create, object{"name": "c", "status": "ON"}, nil, 400},
		"too large":           {http.MethodPost, create, object{"name": strings.Repeat("x", 1<<20)}, nil, 400},
		"unwanted body":       {http.MethodPut, "/connect/turn-on/x", object{"on": true}, nil, 400},
		"unknown parameter":   {http.MethodGet, "/connects?search=x", nil, nil, 400},
		"repeated parameter":  {http.MethodGet, "/connects?page=1&page=2", nil, nil, 400},
		"both filters":        {http.MethodGet, "/user-connected-accounts?appId=a&accountId=b", nil, nil, 400},
		"no filter":           {http.MethodGet, "/user-connected-accounts", nil, nil, 400},
		"filter of nothing":   {http.MethodGet, "/user-connected-accounts?appId=nonsense", nil, nil, 200},
		"category of nothing": {http.MethodGet, "/apps?categoryId=nonsense", nil, nil, 200},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got := b.wants(b.api(test.method, test.path, test.body, test.headers...), test.status)
			if got.Header.Get("X-Request-Id") == "" {
				t.Error("no X-Request-Id")
			}
			if test.status == http.StatusOK {
				return
			}
			if body := decode[errorBody](t, got); body.Success || body.Code != test.status || body.Message == "" {
				t.Errorf("refusal: %s", got.Body)
			}
			if test.status == http.StatusMethodNotAllowed && got.Header.Get("Allow") == "" {
				t.Error("no Allow")
			}
		})
	}
}

func TestPaging(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	small := newBench(t, simulator.Config{PageLimit: 3})
	for i := range 7 {
		b.create(sheetsToHubSpot, "c"+strconv.Itoa(i))
		small.create(sheetsToHubSpot, "c"+strconv.Itoa(i))
	}
	for name, test := range map[string]struct {
		b      *bench
		query  string
		names  string
		limit  int
		status int
	}{
		"all":             {b, "", "c0 c1 c2 c3 c4 c5 c6", 100, 200},
		"first":           {b, "?page=1&limit=3", "c0 c1 c2", 3, 200},
		"second":          {b, "?page=2&limit=3", "c3 c4 c5", 3, 200},
		"last":            {b, "?page=3&limit=3", "c6", 3, 200},
		"beyond":          {b, "?page=4&limit=3", "", 3, 200},
		"far beyond":      {b, "?page=9223372036854775807&limit=100", "", 100, 200},
		"page zero":       {b, "?page=0", "", 0, 400},
		"page minus":      {b, "?page=-1", "", 0, 400},
		"page of letters": {b, "?page=x", "", 0, 400},
		"limit zero":      {b, "?limit=0", "", 0, 400},
		"limit too large": {b, "?limit=101", "", 0, 400},
		"service's limit": {small, "", "c0 c1 c2", 3, 200},
		"below the limit": {small, "?limit=2&page=2", "c2 c3", 2, 200},
		"above the limit": {small, "?limit=100&page=3", "c6", 3, 200},
		"empty page":      {b, "?page=", "", 0, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := test.b.wants(test.b.api(http.MethodGet, "/connects"+test.query, nil), test.status)
			if test.status != http.StatusOK {
				return
			}
			body := decode[page[connectBody]](t, got)
			var names []string
			for _, c := range body.Data {
				names = append(names, c.Name)
			}
			if strings.Join(names, " ") != test.names || body.Total != 7 || body.Limit != test.limit {
				t.Errorf("%v, total %d, limit %d", names, body.Total, body.Limit)
			}
		})
	}
}

func TestEveryListingIsPaged(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	c, m := b.complete("c"), b.match(sheetsToHubSpot)
	for range 2 {
		b.api(http.MethodPost, "/connect/test/"+c.ID, nil)
	}
	b.create(sheetsToHubSpot, "another")
	for _, path := range []string{
		"/categories?", "/apps?", "/popular-matches?", "/app/trigger/list/" + m.Trigger.AppID + "?", "/app/action/list/" + m.Trigger.AppID + "?",
		"/user-connected-accounts?appId=" + m.Trigger.AppID + "&", "/connects?", "/connect/history/" + c.ID + "?",
	} {
		seen := map[any]bool{}
		for n := 1; ; n++ {
			body := decode[page[object]](t, b.wants(b.api(http.MethodGet, fmt.Sprintf("%spage=%d&limit=1", path, n), nil), http.StatusOK))
			if len(body.Data) == 0 {
				if len(seen) != body.Total || len(seen) < 2 {
					t.Errorf("%s: %d entries of %d", path, len(seen), body.Total)
				}
				break
			}
			if seen[body.Data[0]["_id"]] || body.Page != n || len(body.Data) != 1 {
				t.Errorf("%s: page %d: %v", path, n, body)
			}
			seen[body.Data[0]["_id"]] = true
		}
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	plain := b.api(http.MethodGet, "/apps", nil)
	zipped := b.api(http.MethodGet, "/apps", nil, "Accept-Encoding", "gzip")
	if plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" || len(zipped.Body) >= len(plain.Body)/2 {
		t.Fatalf("%d bytes plain, %d %s", len(plain.Body), len(zipped.Body), zipped.Header.Get("Content-Encoding"))
	}
	unzip, err := gzip.NewReader(bytes.NewReader(zipped.Body))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unzip); err != nil || !bytes.Equal(text, plain.Body) {
		t.Errorf("unzipped answer differs: %v", err)
	}
	for _, accept := range []string{"", "identity", "gzip;q=0"} {
		if got := b.api(http.MethodGet, "/apps", nil, "Accept-Encoding", accept); got.Header.Get("Content-Encoding") != "" {
			t.Errorf("compressed for %q", accept)
		}
	}
	if got := b.api(http.MethodGet, "/me", nil, "Accept-Encoding", "gzip"); got.Header.Get("Content-Encoding") != "" {
		t.Error("a short answer is compressed")
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{RequestsPerSecond: 0.25, Burst: 2})
	for range 2 {
		b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
	}
	limited := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusTooManyRequests)
	if limited.Header.Get("Retry-After") != "4" {
		t.Errorf("Retry-After %q, want 4", limited.Header.Get("Retry-After"))
	}
	b.wants(b.refresh(b.sim.Login()), http.StatusOK) // The token endpoint has no part in it.
	b.clock.Advance(3 * time.Second)
	if got := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusTooManyRequests); got.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q, want 1", got.Header.Get("Retry-After"))
	}
	b.clock.Advance(time.Second)
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusOK)
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusTooManyRequests)
	if entries := b.sim.Journal(); !entries[2].RateLimited || entries[2].Status != http.StatusTooManyRequests || entries[0].RateLimited {
		t.Errorf("journal: %+v", entries)
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{Latency: time.Second})
	done := make(chan answer, 1)
	go func() { done <- b.api(http.MethodGet, "/me", nil) }()
	b.untilWaiting()
	b.clock.Advance(999 * time.Millisecond)
	if b.clock.Waiting() != 1 {
		t.Fatal("answered before its time")
	}
	b.clock.Advance(time.Millisecond)
	b.wants(<-done, http.StatusOK)
}

func TestPathsElsewhere(t *testing.T) {
	t.Parallel()
	sim, err := simulator.New(simulator.Config{Paths: map[string]string{"turn_on_connect": "POST /connects/{connectId}/enable"}})
	if err != nil || sim == nil {
		t.Fatalf("new: %v", err)
	}
	for name, paths := range map[string]map[string]string{
		"unknown operation":   {"switch_on": "POST /x"},
		"no method":           {"get_profile": "/x"},
		"small method":        {"get_profile": "get /x"},
		"no slash":            {"get_profile": "GET x"},
		"query":               {"get_profile": "GET /x?y=1"},
		"lost placeholder":    {"turn_on_connect": "PUT /x"},
		"other placeholder":   {"turn_on_connect": "PUT /x/{id}"},
		"doubled placeholder": {"turn_on_connect": "PUT /x/{connectId}/{connectId}"},
		"taken":               {"turn_on_connect": "PUT /connect/turn-off/{connectId}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := simulator.New(simulator.Config{Paths: paths}); err == nil {
				t.Errorf("%v is accepted", paths)
			}
		})
	}
}

func TestPathsElsewhereAreServed(t *testing.T) {
	t.Parallel()
	sim, err := simulator.Start(t.Context(), simulator.Config{Paths: map[string]string{
		"get_profile": "GET /who/am/i",
		// The history would swallow the listing if placeholders came first.
		"get_connect_history": "GET /connect/{connectId}", "list_connects": "GET /connect/all",
	}}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeQuietly(t, sim) })
	b := &bench{t: t, sim: sim, token: sim.IssueAccessToken(), http: &http.Client{Timeout: bounded}}
	t.Cleanup(b.http.CloseIdleConnections)
	b.http.Transport = &http.Transport{}
	b.wants(b.api(http.MethodGet, "/who/am/i", nil), http.StatusOK)
	b.wants(b.api(http.MethodGet, "/me", nil), http.StatusNotFound)
	b.wants(b.api(http.MethodGet, "/connect/all", nil), http.StatusOK)
	b.wants(b.api(http.MethodGet, "/connect/some", nil), http.StatusNotFound)
}

func TestConfigRefusals(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]simulator.Config{
		"page limit":  {PageLimit: 101},
		"negative":    {RequestsPerSecond: -1},
		"latency":     {Latency: -1},
		"masking":     {Masking: "hide"},
		"edit mode":   {EditMode: "patch"},
		"reuse":       {Reuse: "forgive"},
		"mask writes": {MaskWrites: "drop"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := simulator.New(cfg); err == nil {
				t.Errorf("%+v is accepted", cfg)
			}
		})
	}
}

func TestSeedDecides(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		b := newBench(t, simulator.Config{Seed: seed})
		c := b.complete("c")
		return strings.Join([]string{b.sim.ClientID(), b.sim.ClientSecret(), b.sim.Login(), c.ID, c.Trigger.StepID, c.MatchID}, " ")
	}
	first, again, other := run(1), run(1), run(2)
	if first != again {
		t.Errorf("one seed, two services:\n%s\n%s", first, again)
	}
	for i, part := range strings.Fields(first) {
		if strings.Fields(other)[i] == part {
			t.Errorf("two seeds share %s", part)
		}
	}
}
