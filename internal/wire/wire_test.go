package wire

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		value string
		want  time.Duration
		said  bool
	}{
		"nothing":             {"", 0, false},
		"seconds":             {" 3 ", 3 * time.Second, true},
		"zero":                {"0", 0, true},
		"negative":            {"-1", 0, false},
		"a fraction":          {"1.5", 0, false},
		"a word":              {"soon", 0, false},
		"a date":              {now.Add(time.Minute).Format(http.TimeFormat), time.Minute, true},
		"a date that is past": {now.Add(-time.Minute).Format(http.TimeFormat), 0, true},
		"a date far off":      {now.AddDate(5000, 0, 0).Format(http.TimeFormat), LongestPause, true},
		"two days":            {"172800", LongestPause, true},
		"MaxInt64":            {"9223372036854775807", LongestPause, true},
		"beyond MaxInt64":     {"99999999999999999999999", LongestPause, true},
		"wraps around":        {"9223372037", LongestPause, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, said := RetryAfter(tt.value, now); got != tt.want || said != tt.said {
				t.Errorf("got %s, %v, want %s, %v", got, said, tt.want, tt.said)
			}
		})
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	tests := map[string]error{
		"https://example.com/v1":         nil,
		"HTTPS://example.com:8443":       nil,
		"http://localhost:8080/x":        nil,
		"http://LocalHost":               nil,
		"http://127.0.0.1:80/t":          nil,
		"http://127.9.9.9":               nil,
		"http://[::1]:80/t":              nil,
		"http://[::ffff:127.0.0.1]:1":    nil,
		"http://[fe80::1]:80":            ErrURLInsecure,
		"http://127.0.0.1.example.com":   ErrURLInsecure,
		"http://example.com":             ErrURLInsecure,
		"ftp://localhost/x":              ErrURLInsecure,
		"https://user:canary@h.example":  ErrURLCredentials,
		"https://h.example/?key=canary":  ErrURLQuery,
		"https://h.example/#canary":      ErrURLQuery,
		"https://h.example/?":            ErrURLQuery,
		"h.example/canary":               ErrNoURL,
		"https:canary":                   ErrNoURL,
		"https://:443/canary":            ErrNoURL,
		"https://h.example:canary/":      ErrNoURL,
		"http://[::1/canary":             ErrNoURL,
		"":                               ErrNoURL,
		"://canary":                      ErrNoURL,
		"https://h.example/canary\x7f":   ErrNoURL,
		"https://user:canary@h\x00.test": ErrNoURL,
	}
	for raw, want := range tests {
		err := CheckURL(raw)
		if !errors.Is(err, want) || (want == nil) != (err == nil) {
			t.Errorf("%q: error = %v, want %v", raw, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q is quoted: %v", raw, err)
		}
	}
	for host, want := range map[string]bool{"localhost": true, "::1": true, "[::1]": true, "127.0.0.1": true, "0.0.0.0": false, "": false, "localhost.example.com": false} {
		if got := IsLoopback(host); got != want {
			t.Errorf("%q is this machine: %v", host, got)
		}
	}
}

func TestCheckProxy(t *testing.T) {
	t.Parallel()
	usable := []string{"", "http://proxy.example:3128", "proxy.example:3128", "proxy.example", "https://user:canary@proxy.example", "socks5://[::1]:1080", "10.0.0.1:3128"}
	for _, value := range usable {
		if err := CheckProxy(func(string) string { return value }); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
	for _, value := range []string{":::", "http://", "http://user:canary@:::", "ftp://proxy.example", "http://proxy.example:canary", "%zz", "http://[::1:3128"} {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
			err := CheckProxy(func(asked string) string {
				if asked != name {
					return ""
				}
				return value
			})
			if err == nil || !strings.HasPrefix(err.Error(), name+" is not") || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s=%q: error = %v", name, value, err)
			}
		}
	}
}

func TestCause(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	ended, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for want, ctx := range map[string]context.Context{"ca_certificate_file": t.Context(), "timed out": ended} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/?token=canary", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: &http.Transport{}}
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
			t.Fatal("no error")
		}
		if cause := Cause(err); !strings.Contains(cause.Error(), want) || strings.Contains(cause.Error(), "canary") {
			t.Errorf("cause %v, want one with %q", cause, want)
		}
	}
	if err := (&url.Error{Op: "Get", URL: "canary", Err: errOfTest}); !errors.Is(Cause(err), errOfTest) || !errors.Is(Cause(errOfTest), errOfTest) {
		t.Error("the cause is lost")
	}
}

func TestScalars(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		fails bool
		whole int64
		set   bool
	}{
		`"a\"b"`:                {text: `a"b`},
		`" 7 "`:                 {text: " 7 "},
		`7`:                     {text: "7", whole: 7, set: true},
		`"-7"`:                  {text: "-7", whole: -7, set: true},
		`7.0`:                   {text: "7.0", whole: 7, set: true},
		`7.5`:                   {text: "7.5"},
		`1e3`:                   {text: "1e3", whole: 1000, set: true},
		`9223372036854775807`:   {text: "9223372036854775807", whole: 9223372036854775807, set: true},
		`9223372036854775808`:   {text: "9223372036854775808"},
		`1e300`:                 {text: "1e300"},
		`true`:                  {text: "true"},
		`null`:                  {},
		``:                      {},
		`{"canary":1}`:          {fails: true},
		` ["canary"]`:           {fails: true},
		`"canary`:               {fails: true},
		`12345678901234567890`:  {text: "12345678901234567890"},
		`-9223372036854775808`:  {text: "-9223372036854775808", whole: -9223372036854775808, set: true},
		`"9223372036854775808"`: {text: "9223372036854775808"},
	}
	for raw, tt := range tests {
		text, err := ScalarText([]byte(raw))
		if text != tt.text || (err != nil) != tt.fails {
			t.Errorf("%s: got %q, %v", raw, text, err)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s is quoted: %v", raw, err)
		}
		var decoded struct {
			Text  Text  `json:"t"`
			Whole Whole `json:"w"`
		}
		if !json.Valid([]byte(raw)) {
			continue
		}
		if err := json.Unmarshal([]byte(`{"t":`+raw+`,"w":`+raw+`}`), &decoded); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
		if string(decoded.Text) != tt.text || decoded.Whole != (Whole{tt.whole, tt.set}) {
			t.Errorf("%s: decoded %+v", raw, decoded)
		}
	}
}

// stillClock stands still, and delivers at once when it is told to.
type stillClock struct{ ready chan time.Time }

func (stillClock) Now() time.Time                         { return time.Time{} }
func (c stillClock) After(time.Duration) <-chan time.Time { return c.ready }

func TestSleep(t *testing.T) {
	t.Parallel()
	clock := stillClock{make(chan time.Time, 1)}
	clock.ready <- time.Time{}
	if err := Sleep(t.Context(), clock, time.Hour); err != nil {
		t.Errorf("error = %v", err)
	}
	if err := Sleep(t.Context(), clock, 0); err != nil {
		t.Errorf("no wait: error = %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Sleep(ended, clock, time.Hour); !errors.Is(err, context.Canceled) || !Interrupted(err) {
		t.Errorf("error = %v", err)
	}
}
