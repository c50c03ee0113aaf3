package simulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// TestPageLies holds three connects on pages of two to what each lie makes of
// one page.
func TestPageLies(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault simulator.Fault
		page  string
		want  string
		total int
	}{
		"shrunk":          {simulator.Fault{Kind: simulator.FaultShrunkPage}, "1", "a", 3},
		"shrunk to none":  {simulator.Fault{Kind: simulator.FaultShrunkPage}, "2", "", 3},
		"repeated":        {simulator.Fault{Kind: simulator.FaultRepeatedPage}, "2", "a b", 3},
		"repeated first":  {simulator.Fault{Kind: simulator.FaultRepeatedPage}, "1", "a b", 3},
		"total too large": {simulator.Fault{Kind: simulator.FaultLyingTotal}, "1", "a b", 4},
		"total too small": {simulator.Fault{Kind: simulator.FaultLyingTotal, TotalBy: -1}, "1", "a b", 2},
		"total below 0":   {simulator.Fault{Kind: simulator.FaultLyingTotal, TotalBy: -9}, "2", "c", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{PageLimit: 2})
			for _, one := range []string{"a", "b", "c"} {
				b.create(hourlyWebhook, one)
			}
			// An error on a chosen page is the same with kind status.
			test.fault.Operation = "list_connects"
			test.fault.Match = func(e simulator.Entry) bool { return e.Query.Get("page") == test.page }
			b.sim.AddFault(test.fault)
			other := map[string]string{"1": "2", "2": "1"}[test.page]
			b.wants(b.api(http.MethodGet, "/connects?page="+other, nil), http.StatusOK)
			if len(b.sim.Faults()) != 1 {
				t.Fatal("the fault applied to the other page")
			}
			got := decode[page[connectBody]](t, b.api(http.MethodGet, "/connects?page="+test.page, nil))
			var names []string
			for _, c := range got.Data {
				names = append(names, c.Name)
			}
			if have := strings.Join(names, " "); have != test.want || got.Total != test.total || got.Limit != 2 {
				t.Errorf("%q, total %d, want %q, %d", have, got.Total, test.want, test.total)
			}
			if page := map[int]string{1: "1", 2: "2"}[got.Page]; page != test.page {
				t.Errorf("the answer says page %d", got.Page)
			}
		})
	}
}

func TestPageLiesNeedPages(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultShrunkPage})
	if got := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusInternalServerError); !strings.Contains(string(got.Body), "no pages") {
		t.Errorf("%s", got.Body)
	}
}

// TestDistortions looks at what each distortion makes of a connect.
func TestDistortions(t *testing.T) {
	t.Parallel()
	for kind, test := range map[simulator.FaultKind]struct{ has, lacks []string }{
		simulator.FaultWrongTypes:        {[]string{`"name":["c"]`, `"actions":{"0":{`, `"success":true`}, []string{`"name":"c"`}},
		simulator.FaultMaskedValues:      {[]string{`"spreadsheet":"****"`, `"name":"c"`}, []string{"12345"}},
		simulator.FaultUnknownStatus:     {[]string{`"status":"HIBERNATING"`}, []string{`"OFF"`}},
		simulator.FaultExtraKeys:         {[]string{`"__v":7`, `"options":{"spreadsheet":"12345","worksheet":"007"}`}, nil},
		simulator.FaultReordered:         {[]string{`{"data":[{"_created_at":`, `"success":true`}, nil},
		simulator.FaultNumbersForStrings: {[]string{`"spreadsheet":12345`, `"worksheet":"007"`, `"total":"1"`}, nil},
		simulator.FaultDeepJSON:          {[]string{strings.Repeat("[", 10_001)}, []string{"12345"}},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			c := b.create(sheetsToHubSpot, "c")
			b.wants(b.api(http.MethodPut, "/connect/trigger-options/"+c.ID, object{"options": object{"spreadsheet": "12345", "worksheet": "007"}}), http.StatusOK)
			b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: kind})
			got := string(b.wants(b.api(http.MethodGet, "/connects", nil), http.StatusOK).Body)
			for _, want := range test.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %.80s in %.2000s", want, got)
				}
			}
			for _, no := range test.lacks {
				if strings.Contains(got, no) {
					t.Errorf("%s in %.2000s", no, got)
				}
			}
			if entry := b.sim.Journal()[2]; entry.Fault != kind {
				t.Errorf("journal: %+v", entry)
			}
		})
	}
}

func TestRedirect(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultRedirect})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultRedirect, Status: 301, Location: "https://example.com/x"})
	got := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusTemporaryRedirect)
	if to := got.Header.Get("Location"); to != "https://elsewhere.invalid"+simulator.APIBase+"/me" {
		t.Errorf("to %q", to)
	}
	if to := b.wants(b.api(http.MethodGet, "/me", nil), http.StatusMovedPermanently).Header.Get("Location"); to != "https://example.com/x" {
		t.Errorf("to %q", to)
	}
}

// TestSlowDrip moves the clock byte by byte.
func TestSlowDrip(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultSlowDrip, Every: time.Minute})
	res := b.open(t.Context(), "/me")
	first := make([]byte, 8)
	for i := range first {
		b.untilWaiting()
		b.clock.Advance(time.Minute)
		if n, err := io.ReadFull(res.Body, first[i:i+1]); n != 1 || err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	if string(first) != `{"succes` {
		t.Errorf("%q", first)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
}

func TestEndlessBody(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	b.sim.AddFault(simulator.Fault{Operation: "get_profile", Kind: simulator.FaultEndlessBody})
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	res := b.open(ctx, "/me")
	const enough = 4 << 20
	if n, err := io.CopyN(io.Discard, res.Body, enough); n != enough || err != nil {
		t.Errorf("it ended after %d bytes: %v", n, err)
	}
	leave()
	if _, err := io.Copy(io.Discard, res.Body); !errors.Is(err, context.Canceled) {
		t.Errorf("after leaving: %v", err)
	}
	_ = res.Body.Close()
}

// TestFaultKindsAreListed keeps the list whole: a kind that is missing there
// would be refused.
func TestFaultKindsAreListed(t *testing.T) {
	t.Parallel()
	kinds := simulator.FaultKinds()
	if len(kinds) != 27 || len(slices.Compact(slices.Sorted(slices.Values(kinds)))) != len(kinds) {
		t.Errorf("%d kinds: %q", len(kinds), kinds)
	}
}

// open starts a request with a valid token and returns its answer unread.
func (b *bench) open(ctx context.Context, path string) *http.Response {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.sim.APIURL()+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.token)
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	return res
}
