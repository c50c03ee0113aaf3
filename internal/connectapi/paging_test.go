package connectapi_test

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi"
	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

// listing is a service that lists count connects in its own way.
type listing struct {
	count, perPage int
	// extra is what stands beside data; %d is the page.
	extra      string
	ignorePage bool
	wrap       bool
	// fromZero counts pages from 0, absentEnd answers 404 past the last one.
	fromZero, absentEnd bool
	idName              string
}

func (l listing) handler(calls *calls) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		calls.add(r.URL.RequestURI())
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil || r.URL.Query().Get("limit") != "100" {
			http.Error(w, "no page or limit", http.StatusBadRequest)
			return
		}

		switch {
		case l.ignorePage:
			page = 1
		case l.fromZero:
			page++
		case page < 1:
			http.Error(w, "no such page", http.StatusBadRequest)
			return
		}
		if l.absentEnd && (page-1)*l.perPage >= l.count {
			http.Error(w, "no such page", http.StatusNotFound)
			return
		}
		var entries []string
		for i := (page - 1) * l.perPage; i < min(page*l.perPage, l.count); i++ {
			entries = append(entries, fmt.Sprintf(`{%q:"%d","name":"n","status":"OFF"}`, cmp.Or(l.idName, "_id"), i))
		}
		data := "[" + strings.Join(entries, ",") + "]"
		if l.wrap {
			data = `{"items":` + data + l.extra + `}`
		} else {
			data += l.extra
		}
		writeJSON(w, http.StatusOK, `{"success":true,"data":`+data+`}`)
	}
}

// TestPaging reads listings of services that page in different ways.
func TestPaging(t *testing.T) {
	t.Parallel()
	for label, tc := range map[string]struct {
		listing
		want    int
		calls   int
		wantErr string
	}{
		"nothing":                         {listing: listing{perPage: 100}, calls: 2},
		"nothing, total":                  {listing: listing{perPage: 100, extra: `,"total":0`}, calls: 1},
		"one":                             {listing: listing{count: 1, perPage: 100}, want: 1, calls: 3},
		"one, total":                      {listing: listing{count: 1, perPage: 100, extra: `,"total":1`}, want: 1, calls: 1},
		"no total":                        {listing: listing{count: 250, perPage: 100}, want: 250, calls: 5},
		"no total, 404 past the end":      {listing: listing{count: 250, perPage: 100, absentEnd: true}, want: 250, calls: 5},
		"no total, small pages":           {listing: listing{count: 7, perPage: 2}, want: 7, calls: 6},
		"total, full last page":           {listing: listing{count: 200, perPage: 100, extra: `,"total":200`}, want: 200, calls: 2},
		"total as text":                   {listing: listing{count: 200, perPage: 100, extra: `,"total":"200"`}, want: 200, calls: 2},
		"total within the data":           {listing: listing{count: 200, perPage: 100, extra: `,"total":200`, wrap: true}, want: 200, calls: 2},
		"total elsewhere":                 {listing: listing{count: 150, perPage: 100, extra: `,"meta":{"count":150}`}, want: 150, calls: 4},
		"one more than a page":            {listing: listing{count: 101, perPage: 100, extra: `,"total":101`}, want: 101, calls: 2},
		"smaller pages, total":            {listing: listing{count: 25, perPage: 10, extra: `,"total":25`}, want: 25, calls: 3},
		"pages larger than asked":         {listing: listing{count: 250, perPage: 150}, want: 250, calls: 4},
		"total of one page":               {listing: listing{count: 250, perPage: 100, extra: `,"total":100`}, want: 250, calls: 5},
		"total too small":                 {listing: listing{count: 250, perPage: 100, extra: `,"total":1`}, want: 250, calls: 5},
		"total below zero":                {listing: listing{count: 3, perPage: 100, extra: `,"total":-1`}, calls: 1, wantErr: "where a count should be"},
		"total too large":                 {listing: listing{count: 3, perPage: 100, extra: `,"total":4`}, calls: 6, wantErr: "3 of 4"},
		"page ignored":                    {listing: listing{count: 30, perPage: 30, ignorePage: true}, calls: 6, wantErr: "parameter page"},
		"page ignored, full":              {listing: listing{count: 250, perPage: 100, ignorePage: true}, calls: 6, wantErr: "parameter page"},
		"page ignored, total":             {listing: listing{count: 100, perPage: 100, ignorePage: true, extra: `,"total":100`}, want: 100, calls: 2},
		"page ignored, more than is sent": {listing: listing{count: 250, perPage: 100, ignorePage: true, extra: `,"total":250`}, calls: 6, wantErr: "parameter page"},
		"pages from 0":                    {listing: listing{count: 250, perPage: 100, fromZero: true}, calls: 12, wantErr: "counts pages from 0"},
		"pages from 0, one page":          {listing: listing{count: 3, perPage: 100, fromZero: true}, calls: 6, wantErr: "counts pages from 0"},
		"pages from 0, total":             {listing: listing{count: 250, perPage: 100, fromZero: true, extra: `,"total":250`}, calls: 9, wantErr: "150 of 250"},
		"no id":                           {listing: listing{count: 3, perPage: 100, idName: "key"}, calls: 1, wantErr: "connect.id is null"},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			var made calls
			client := serve(t, tc.handler(&made), quick)
			got, err := client.Connects(t.Context())
			if tc.wantErr == "" && err != nil || tc.wantErr != "" && (!contains(err, tc.wantErr) || !errors.Is(err, connectapi.ErrUnexpectedAnswer)) {
				t.Errorf("error: %v, want %q", err, tc.wantErr)
			}
			if len(got) != tc.want || len(made.all()) != tc.calls {
				t.Errorf("%d entries in %d calls, want %d in %d", len(got), len(made.all()), tc.want, tc.calls)
			}
			for i, connect := range got {
				if connect.ID != strconv.Itoa(i) {
					t.Fatalf("entry %d is %s", i, connect.ID)
				}
			}
		})
	}
}

// TestPagingLaterError: a listing that fails half-way is an error, whoever asks.
func TestPagingLaterError(t *testing.T) {
	t.Parallel()
	for label, call := range map[string]func(*bench, string) error{
		"one connect": func(b *bench, _ string) error {
			_, err := b.Connect(b.t.Context(), "0123456789abcdef01234567")
			return err
		},
		"all connects": func(b *bench, _ string) error {
			_, err := b.Connects(b.t.Context())
			return err
		},
		"a change": func(b *bench, last string) error {
			_, err := b.Apply(b.t.Context(), last, nil, connectapi.Change{Enabled: new(true)})
			return err
		},
	} {
		for _, kind := range []simulator.FaultKind{simulator.FaultStatus, simulator.FaultMalformedBody, simulator.FaultHTML} {
			t.Run(label+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, simulator.Config{PageLimit: 2})

				last := ""
				for range 4 {
					last = b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "Leads").ID
				}
				b.sim.AddFault(simulator.Fault{Operation: "list_connects", Kind: kind, Times: -1, Skip: 1})
				if err := call(b, last); err == nil || connectapi.IsNotFound(err) {
					t.Errorf("error: %v", err)
				}
			})
		}
	}
}

// TestPagingConcurrentDeletion: entries that move up a page while it is read
// do not make a connect look deleted.
func TestPagingConcurrentDeletion(t *testing.T) {
	t.Parallel()
	var (
		b      *bench
		doomed string
		pages  calls
	)
	b = newBench(t, simulator.Config{PageLimit: 2, Observe: func(x simulator.Exchange) {
		// Observe runs after the first page was made and before it is read.
		if pages.add(x.Query.Get("page")); len(pages.all()) == 1 {
			b.sim.DeleteConnect(doomed)
		}
	}})

	var ids []string
	for range 4 {
		ids = append(ids, b.sim.CreateConnect(b.match(sheetsToHubSpot).ID, "Leads").ID)
	}
	doomed = ids[0]
	if got := must(b.Connect(t.Context(), ids[2]))(t); got.ID != ids[2] {
		t.Errorf("got %s", got.ID)
	}
	if got := pages.all(); !slices.Equal(got, []string{"1", "2", "1", "2"}) {
		t.Errorf("pages: %v", got)
	}
}
