package connectapi

import (
	"net/http"
	"testing"
	"time"
)

// TestBackoff: no wait leaves its bounds, except where the service asks.
func TestBackoff(t *testing.T) {
	t.Parallel()

	const least, most = 100 * time.Millisecond, 2 * time.Second

	after := func(status int, value string) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {value}}}
	}

	for label, tc := range map[string]struct {
		attempt  int
		resp     *http.Response
		min, max time.Duration
	}{
		"first":               {0, nil, least, least},
		"third":               {2, nil, 2 * least, 4 * least},
		"late":                {40, nil, most / 2, most},
		"seconds":             {0, after(http.StatusTooManyRequests, "7"), 7 * time.Second, 7 * time.Second},
		"zero":                {3, after(http.StatusServiceUnavailable, "0"), least, least},
		"date":                {0, after(http.StatusTooManyRequests, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)), 59 * time.Minute, time.Hour},
		"date that is past":   {0, after(http.StatusTooManyRequests, "Mon, 02 Jan 2006 15:04:05 GMT"), least, least},
		"nonsense":            {1, after(http.StatusTooManyRequests, "soon"), least, 2 * least},
		"not for this status": {1, after(http.StatusBadGateway, "7"), least, 2 * least},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()

			for range 100 {
				if got := backoff(least, most, tc.attempt, tc.resp); got < tc.min || got > tc.max {
					t.Fatalf("%s is not within %s and %s", got, tc.min, tc.max)
				}
			}
		})
	}
}
