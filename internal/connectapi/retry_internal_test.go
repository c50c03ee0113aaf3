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

	for label, tc := range map[string]struct {
		attempt  int
		status   int // 0 is a call without an answer
		after    string
		min, max time.Duration
	}{
		"first":               {0, 0, "", least, least},
		"third":               {2, 0, "", 2 * least, 4 * least},
		"late":                {40, 0, "", most / 2, most},
		"seconds":             {0, http.StatusTooManyRequests, "7", 7 * time.Second, 7 * time.Second},
		"zero":                {3, http.StatusServiceUnavailable, "0", least, least},
		"date":                {0, http.StatusTooManyRequests, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), 59 * time.Minute, time.Hour},
		"date that is past":   {0, http.StatusTooManyRequests, "Mon, 02 Jan 2006 15:04:05 GMT", least, least},
		"nonsense":            {1, http.StatusTooManyRequests, "soon", least, 2 * least},
		"not for this status": {1, http.StatusBadGateway, "7", least, 2 * least},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()

			var resp *http.Response
			if tc.status != 0 {
				resp = &http.Response{StatusCode: tc.status, Header: http.Header{"Retry-After": {tc.after}}, Body: http.NoBody}
				defer func() { _ = resp.Body.Close() }()
			}

			for range 100 {
				if got := backoff(least, most, tc.attempt, resp); got < tc.min || got > tc.max {
					t.Fatalf("%s is not within %s and %s", got, tc.min, tc.max)
				}
			}
		})
	}
}
