package wire

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const secret = `s3cr"et/<key>&=of+twenty`
	tests := map[string]struct{ in, want string }{
		"as it is":        {"key " + secret + "!", "key " + Redacted + "!"},
		"in JSON":         {`{"k":"` + marshal(secret) + `"}`, `{"k":"` + Redacted + `"}`},
		"in JSON of PHP":  {strings.ReplaceAll(marshal(secret), "/", `\/`), Redacted},
		"in a query":      {"k=" + url.QueryEscape(secret), "k=" + Redacted},
		"in a path":       {"/" + url.PathEscape(secret), "/" + Redacted},
		"in Basic":        {"Basic " + base64.StdEncoding.EncodeToString([]byte(secret)), "Basic " + Redacted},
		"quoted by Go":    {fmt.Sprintf("bad %q", secret), `bad "` + Redacted + `"`},
		"its first half":  {"bad " + secret[:12] + "...", "bad " + Redacted + "..."},
		"its last half":   {"bad ..." + secret[12:], "bad ..." + Redacted},
		"both halves":     {secret[:12] + "|" + secret[12:], Redacted + "|" + Redacted},
		"eleven bytes":    {"bad " + secret[:11], "bad " + secret[:11]},
		"a short secret":  {"abc abcd", "abc " + Redacted},
		"nothing of them": {"permission denied", "permission denied"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Redact(tt.in, secret, "abc", "abcd", ""); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// No dozen bytes of a secret may be left, wherever a text quotes it.
func FuzzRedact(f *testing.F) {
	f.Add("a ", "canary-0123456789abcdef", uint8(3), uint8(20), " b")
	f.Fuzz(func(t *testing.T, before, secret string, from, to uint8, after string) {
		if len(secret) <= shortestPart || strings.Contains(Redacted, secret[:1]) {
			return
		}
		a, b := min(int(from), len(secret)), min(int(to), len(secret))
		if a > b {
			return
		}
		got := Redact(before+secret[a:b]+after, secret)
		for i := 0; i+shortestPart <= len(secret); i++ {
			if part := secret[i : i+shortestPart]; strings.Contains(got, part) {
				t.Fatalf("%q is left in %q", part, got)
			}
		}
	})
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	const random = "eyJhbGciOiJIUzI1NiJ9.e30.abc"
	tests := map[string]struct{ in, want string }{
		"plain words":           {"permission denied", "permission denied"},
		"known secret":          {"bad key s3cr3t!", "bad key " + Redacted},
		"known, in Base64":      {"Basic czNjcjN0IQ==", "Basic " + Redacted},
		"JSON":                  {`{"access_token": "abc", "x": 1}`, `{"access_token": "` + Redacted + `", "x": 1}`},
		"JSON in a text":        {`said {\"access_token\": \"abc\"}`, `said {\"access_token\": \"` + Redacted + `\"}`},
		"form":                  {"client_secret=abc&grant=x", "client_secret=" + Redacted + "&grant=x"},
		"flag":                  {"--api-key=abc", "--api-key=" + Redacted},
		"header":                {"Authorization: Bearer abc.def", "Authorization: " + Redacted},
		"bare bearer":           {"sent Bearer abc.def on", "sent Bearer " + Redacted + " on"},
		"looks random":          {"got " + random + " and left", "got " + Redacted + " and left"},
		"random with slashes":   {"got abc/def1/ghijklmnopqrstuv", "got " + Redacted},
		"encoded words stay":    {"q=Sales%2FMarketing-and-operations-plan", "q=Sales%2FMarketing-and-operations-plan"},
		"encoded spaces":        {"name=Leads%20from-the-contact-forms", "name=Leads%20from-the-contact-forms"},
		"random and encoded":    {"q=%2F" + random + "%3D", "q=%2F" + Redacted + "%3D"},
		"a path stays":          {"open /home/user1/.config/appypie2: no", "open /home/user1/.config/appypie2: no"},
		"lines":                 {"a\n\tb\x1b[31mc\r\n", "a b [31mc"},
		"markup":                {"<html><script>x=1</script><b>Sign in</b></html>", "Sign in"},
		"invalid UTF-8":         {"a\xffb", "a?b"},
		"a secret at the end":   {strings.Repeat("x ", 145) + "s3cr3t! and s3cr3t!", strings.Repeat("x ", 145) + Redacted + "…"},
		"a random word at 64 K": {strings.Repeat(" ", readLimit-10) + random, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Excerpt(tt.in, "s3cr3t!", ""); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := Excerpt(strings.Repeat("wörd ", 1000)); len([]rune(got)) != excerptLimit+1 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

func TestLooksSecret(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"access_token": true, "clientSecret": true, "API-Key": true, "apikey": true, "password": true, "passwd": true, "Authorization": true,
		"private_key": true, "credentials": true, "name": false, "key": false, "passport": false, "url": false,
	} {
		if got := LooksSecret(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
