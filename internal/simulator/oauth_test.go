package simulator_test

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/simulator"
)

type pair struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	ExpiresAt int64  `json:"expires_at"`
	Type      string `json:"type"`
}

func (b *bench) refresh(token string) answer {
	b.t.Helper()
	return b.grant(object{"grant_type": "refresh_token", "refresh_token": token})
}

func (b *bench) mustRefresh(token string) pair {
	b.t.Helper()
	return decode[pair](b.t, b.wants(b.refresh(token), http.StatusOK))
}

// profile returns the status that an access token brings.
func (b *bench) profile(access string) int {
	b.t.Helper()
	return b.must(http.MethodGet, b.sim.APIURL()+"/me", nil, "Authorization", "Bearer "+access).Status
}

func (b *bench) wantsTokenError(got answer, status int, code string) {
	b.t.Helper()
	body := decode[map[string]string](b.t, b.wants(got, status))
	if body["error"] != code || body["error_description"] == "" {
		b.t.Errorf("token error %s, want %s", got.Body, code)
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{AccessTokenLife: 10 * time.Minute})
	seed := b.sim.Login()
	first := b.mustRefresh(seed)
	second := b.mustRefresh(first.Refresh)
	if first.Refresh == seed || second.Refresh == first.Refresh || second.Access == first.Access {
		t.Errorf("tokens repeat: %+v %+v", first, second)
	}
	if want := b.clock.Now().Add(10 * time.Minute).Unix(); first.ExpiresAt != want {
		t.Errorf("expires at %d, want %d", first.ExpiresAt, want)
	}
	if b.profile(first.Access) != http.StatusOK || b.profile(second.Access) != http.StatusOK {
		t.Error("a fresh access token is refused")
	}
	b.clock.Advance(10 * time.Minute)
	if b.profile(second.Access) != http.StatusUnauthorized {
		t.Error("an expired access token is accepted")
	}
	if third := b.mustRefresh(second.Refresh); b.profile(third.Access) != http.StatusOK {
		t.Error("a refresh after expiry does not help")
	}
}

func TestReuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		policy             simulator.ReusePolicy
		reused, successor  int // statuses of the two refreshes that follow
		access             int
		revoked, refreshes int
	}{
		"default revokes":  {"", http.StatusBadRequest, http.StatusBadRequest, http.StatusUnauthorized, 1, 1},
		"refused only":     {simulator.ReuseRefused, http.StatusBadRequest, http.StatusOK, http.StatusOK, 0, 2},
		"allowed, no care": {simulator.ReuseAllowed, http.StatusOK, http.StatusOK, http.StatusOK, 0, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{Reuse: test.policy})
			seed, other := b.sim.Login(), b.sim.Login()
			fresh := b.mustRefresh(seed)
			b.wants(b.refresh(seed), test.reused)
			b.wants(b.refresh(fresh.Refresh), test.successor)
			if got := b.profile(fresh.Access); got != test.access {
				t.Errorf("access token of the family: %d, want %d", got, test.access)
			}
			stats := b.sim.TokenStats()
			if stats.Reuses != 1 || stats.RevokedFamilies != test.revoked || stats.Refreshes != test.refreshes || stats.Families != 2 {
				t.Errorf("stats: %+v", stats)
			}
			b.mustRefresh(other)
		})
	}
}

func TestTokenEndpointRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	id, secret, token := b.sim.ClientID(), b.sim.ClientSecret(), b.sim.Login()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {id}, "client_secret": {secret}}
	for name, test := range map[string]struct {
		body    any
		headers []string
		status  int
		code    string
	}{
		"form body":         {[]byte(form.Encode()), []string{"Content-Type", "application/x-www-form-urlencoded"}, 400, "invalid_request"},
		"form as JSON":      {[]byte(form.Encode()), nil, 400, "invalid_request"},
		"list":              {[]byte("[]"), nil, 400, "invalid_request"},
		"unknown member":    {object{"client_id": id, "client_secret": secret, "grant_type": "refresh_token", "refresh_token": token, "scope": "*"}, nil, 400, "invalid_request"},
		"member of another": {object{"client_id": id, "client_secret": secret, "grant_type": "refresh_token", "refresh_token": token, "code": "x"}, nil, 400, "invalid_request"},
		"unknown grant":     {object{"client_id": id, "client_secret": secret, "grant_type": "password"}, nil, 400, "unsupported_grant_type"},
		"unknown token":     {object{"client_id": id, "client_secret": secret, "grant_type": "refresh_token", "refresh_token": "x"}, nil, 400, "invalid_grant"},
		"unknown code":      {object{"client_id": id, "client_secret": secret, "grant_type": "authorization_code", "code": "x", "redirect_uri": "http://127.0.0.1/"}, nil, 400, "invalid_grant"},
		"no client":         {object{"grant_type": "refresh_token", "refresh_token": token}, nil, 401, "invalid_client"},
		"wrong secret":      {object{"client_id": id, "client_secret": "x", "grant_type": "refresh_token", "refresh_token": token}, nil, 401, "invalid_client"},
		"wrong basic":       {object{"grant_type": "refresh_token", "refresh_token": token}, []string{"Authorization", basic(id, "x")}, 401, "invalid_client"},
		"basic and body":    {object{"client_id": id, "client_secret": "x", "grant_type": "refresh_token", "refresh_token": token}, []string{"Authorization", basic(id, secret)}, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.wantsTokenError(b.must(http.MethodPost, b.sim.TokenURL(), b.encode(test.body), test.headers...), test.status, test.code)
		})
	}
	t.Cleanup(func() {
		if stats := b.sim.TokenStats(); stats.Refreshes != 0 || stats.Reuses != 0 {
			t.Errorf("a refused request spent the token: %+v", stats)
		}
	})
}

func TestClientInBasicHeader(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	got := b.must(http.MethodPost, b.sim.TokenURL(), b.encode(object{"grant_type": "refresh_token", "refresh_token": b.sim.Login()}),
		"Authorization", basic(b.sim.ClientID(), b.sim.ClientSecret()))
	if p := decode[pair](t, b.wants(got, http.StatusOK)); b.profile(p.Access) != http.StatusOK {
		t.Error("the access token is refused")
	}
}

func basic(id, secret string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
}

const redirectURI = "http://127.0.0.1:9/callback?kept=1"

// authorizeQuery is a good authorization request, with changes: an empty value
// takes a parameter away.
func (b *bench) authorizeQuery(changes ...string) string {
	query := url.Values{
		"client_id": {b.sim.ClientID()}, "redirect_uri": {redirectURI}, "response_type": {"code"},
		"scope": {"*"}, "state": {"st<a>te"},
	}
	for i := 0; i < len(changes); i += 2 {
		query.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			query.Del(changes[i])
		}
	}
	return query.Encode()
}

// press shows the authorization page and presses one of its buttons.
func (b *bench) press(decision string, changes ...string) url.Values {
	b.t.Helper()
	shown := b.wants(b.must(http.MethodGet, b.sim.AuthorizationURL()+"?"+b.authorizeQuery(changes...), nil), http.StatusOK)
	form := url.Values{"decision": {decision}}
	for _, input := range regexp.MustCompile(`name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(string(shown.Body), -1) {
		form.Set(input[1], strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#43;", "+").Replace(input[2]))
	}
	if !strings.Contains(string(shown.Body), ">Allow<") || !strings.Contains(string(shown.Body), ">Deny<") {
		b.t.Fatalf("no question: %s", shown.Body)
	}
	form.Set("decision", decision)
	sent := b.must(http.MethodPost, b.sim.URL+"/oAuth/decision", []byte(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	return queryOf(b.t, b.wants(sent, http.StatusFound))
}

func TestCodeFlow(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	back := b.press("allow")
	if back.Get("state") != "st<a>te" || back.Get("kept") != "1" || back.Get("code") == "" {
		t.Fatalf("callback: %v", back)
	}
	body := object{"grant_type": "authorization_code", "code": back.Get("code"), "redirect_uri": redirectURI}
	p := decode[pair](t, b.wants(b.grant(body), http.StatusOK))
	if b.profile(p.Access) != http.StatusOK {
		t.Error("the access token is refused")
	}
	b.wantsTokenError(b.grant(body), http.StatusBadRequest, "invalid_grant")
	if b.profile(p.Access) != http.StatusUnauthorized {
		t.Error("a code that came twice leaves its tokens alive")
	}
	if denied := b.press("deny"); denied.Get("error") != "access_denied" || denied.Has("code") || denied.Get("state") == "" {
		t.Errorf("denied: %v", denied)
	}
}

func TestCodeRefusals(t *testing.T) {
	t.Parallel()
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	pkce := []string{"code_challenge", challenge, "code_challenge_method", "S256"}
	for name, test := range map[string]struct {
		authorize []string
		exchange  object
		wait      time.Duration
		status    int
	}{
		"good":               {nil, object{}, 0, http.StatusOK},
		"another redirect":   {nil, object{"redirect_uri": "http://127.0.0.1:9/other"}, 0, http.StatusBadRequest},
		"too late":           {nil, object{}, time.Minute, http.StatusBadRequest},
		"verifier uncalled":  {nil, object{"code_verifier": verifier}, 0, http.StatusBadRequest},
		"PKCE":               {pkce, object{"code_verifier": verifier}, 0, http.StatusOK},
		"PKCE, no verifier":  {pkce, object{}, 0, http.StatusBadRequest},
		"PKCE, wrong":        {pkce, object{"code_verifier": strings.Repeat("w", 43)}, 0, http.StatusBadRequest},
		"PKCE, not verifier": {pkce, object{"code_verifier": challenge}, 0, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, simulator.Config{})
			body := object{"grant_type": "authorization_code", "code": b.press("allow", test.authorize...).Get("code"), "redirect_uri": redirectURI}
			maps.Copy(body, test.exchange)
			b.clock.Advance(test.wait)
			b.wants(b.grant(body), test.status)
		})
	}
}

func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{AutoAuthorize: true})
	for name, changes := range map[string][]string{
		"unknown client":    {"client_id", "x"},
		"no client":         {"client_id", ""},
		"token response":    {"response_type", "token"},
		"no redirect":       {"redirect_uri", ""},
		"script redirect":   {"redirect_uri", "javascript:alert(1)"},
		"relative redirect": {"redirect_uri", "/callback"},
		"redirect fragment": {"redirect_uri", "http://127.0.0.1/#x"},
		"plain PKCE":        {"code_challenge", strings.Repeat("v", 43), "code_challenge_method", "plain"},
		"method alone":      {"code_challenge_method", "S256"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := b.wants(b.must(http.MethodGet, b.sim.AuthorizationURL()+"?"+b.authorizeQuery(changes...), nil), http.StatusBadRequest)
			if got.Header.Get("Location") != "" {
				t.Errorf("redirects to %s", got.Header.Get("Location"))
			}
		})
	}
}

func TestCredentialsOfCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{PlatformKeyRequired: true})
	key := b.platformKey()
	expired := b.sim.IssueAccessToken()
	b.sim.ExpireAccessTokens()
	good := b.sim.IssueAccessToken()
	for name, test := range map[string]struct {
		headers []string
		status  int
		code    int
	}{
		"good":            {[]string{"Authorization", "Bearer " + good, "ACCESSTOKEN", key}, 200, 0},
		"issued in Go":    {[]string{"Authorization", "Bearer " + good, "ACCESSTOKEN", b.sim.IssuePlatformKey()}, 200, 0},
		"nothing":         {nil, 401, 401},
		"other scheme":    {[]string{"Authorization", basic("a", good), "ACCESSTOKEN", key}, 401, 401},
		"unknown token":   {[]string{"Authorization", "Bearer x", "ACCESSTOKEN", key}, 401, 401},
		"expired token":   {[]string{"Authorization", "Bearer " + expired, "ACCESSTOKEN", key}, 401, 401},
		"no platform key": {[]string{"Authorization", "Bearer " + good}, 401, 2032},
		"wrong key":       {[]string{"Authorization", "Bearer " + good, "ACCESSTOKEN", "x"}, 401, 2036},
		"token as key":    {[]string{"Authorization", "Bearer " + good, "ACCESSTOKEN", good}, 401, 2036},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/me", "/connects", "/app/detail/nonsense"} {
				got := b.must(http.MethodGet, b.sim.APIURL()+path, nil, test.headers...)
				if test.status == http.StatusOK {
					if got.Status == http.StatusUnauthorized {
						t.Errorf("%s: refused: %s", path, got.Body)
					}
					continue
				}
				if body := decode[errorBody](t, b.wants(got, test.status)); body.Code != test.code || body.Success {
					t.Errorf("%s: %s", path, got.Body)
				}
			}
		})
	}
}

func TestPlatformKeyRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	good := object{"tokenKey": b.sim.TokenKey(), "secretKey": b.sim.SecretKey()}
	for name, test := range map[string]struct {
		query string
		body  any
	}{
		"nothing":     {"", nil},
		"wrong body":  {"", object{"tokenKey": b.sim.TokenKey(), "secretKey": "x"}},
		"wrong query": {"?tokenKey=x&secretKey=y", good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := b.wants(b.must(http.MethodPost, b.sim.PlatformKeyURL()+test.query, b.encode(test.body)), http.StatusUnauthorized)
			if body := decode[map[string]string](t, got); body["status"] != "0" || body["message"] == "" {
				t.Errorf("refusal: %s", got.Body)
			}
		})
	}
}

func TestConnectAccount(t *testing.T) {
	t.Parallel()
	b := newBench(t, simulator.Config{})
	m := b.match(sheetsToHubSpot)
	app, _ := b.sim.Catalog().App(m.Trigger.AppID)
	path := "/connect-account/" + app.AuthType + "/" + app.ID + "/" + app.SeoLink
	before := len(b.sim.Accounts())
	link := func() string {
		return data[struct{ URL string }](t, b.api(http.MethodPost, path, object{"appypie-partner-cb": redirectURI})).URL
	}
	decide := func(link, decision string) url.Values {
		b.wants(b.must(http.MethodGet, link, nil), http.StatusOK)
		return queryOf(t, b.wants(b.must(http.MethodPost, link, []byte("decision="+decision)), http.StatusFound))
	}
	if denied := decide(link(), "deny"); denied.Get("error") == "" || len(b.sim.Accounts()) != before {
		t.Errorf("denied: %v", denied)
	}
	used := link()
	token := decide(used, "allow").Get("t")
	account := data[struct {
		ID    string `json:"_id"`
		AppID string `json:"appId"`
	}](t, b.api(http.MethodGet, "/user-connected-account/by-token?t="+token, nil))
	if account.AppID != app.ID || len(b.sim.Accounts()) != before+1 {
		t.Errorf("account: %+v", account)
	}
	b.wants(b.must(http.MethodPost, used, []byte("decision=allow")), http.StatusNotFound)
	b.wants(b.api(http.MethodGet, "/user-connected-account/by-token?t=nonsense", nil), http.StatusNotFound)
	b.wants(b.api(http.MethodGet, "/user-connected-account/by-token", nil), http.StatusBadRequest)

	for name, test := range map[string]struct {
		path, callback string
		status         int
	}{
		"wrong auth type": {"/connect-account/API_KEY/" + app.ID + "/" + app.SeoLink, redirectURI, http.StatusBadRequest},
		"wrong app":       {"/connect-account/" + app.AuthType + "/nonsense/" + app.SeoLink, redirectURI, http.StatusNotFound},
		"wrong link":      {"/connect-account/" + app.AuthType + "/" + app.ID + "/nonsense", redirectURI, http.StatusNotFound},
		"no callback":     {path, "", http.StatusBadRequest},
		"bad callback":    {path, "javascript:x", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b.wants(b.api(http.MethodPost, test.path, object{"appypie-partner-cb": test.callback}), test.status)
		})
	}
}
