package simulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// codeLife is how long an authorization code can be exchanged.
const codeLife = time.Minute

// grants is every authorization and every token there is. Spent and expired
// ones stay: a service that forgets them cannot tell reuse from nonsense.
type grants struct {
	Families     map[string]*family        `json:"families"`
	Refresh      map[string]*refreshToken  `json:"refresh"`
	Access       map[string]*accessToken   `json:"access"`
	Codes        map[string]*authCode      `json:"codes"`
	PlatformKeys map[string]bool           `json:"platform_keys"`
	Tickets      map[string]*accountTicket `json:"tickets"`
	Callbacks    map[string]string         `json:"callbacks"` // callback token → account id
	Refreshes    int                       `json:"refreshes"`
	Reuses       int                       `json:"reuses"`
}

// family is the line of refresh tokens that one authorization began.
type family struct {
	Revoked bool `json:"revoked"`
}

type refreshToken struct {
	Family string `json:"family"`
	Spent  bool   `json:"spent"`
}

type accessToken struct {
	Family    string    `json:"family"` // empty: made for a test, outside any family
	ExpiresAt time.Time `json:"expires_at"`
}

type authCode struct {
	RedirectURI string    `json:"redirect_uri"`
	Challenge   string    `json:"challenge"` // PKCE S256; empty when none was sent
	ExpiresAt   time.Time `json:"expires_at"`
	Family      string    `json:"family"` // set once the code is exchanged
}

func newGrants() grants {
	return grants{
		Families: map[string]*family{}, Refresh: map[string]*refreshToken{}, Access: map[string]*accessToken{},
		Codes: map[string]*authCode{}, PlatformKeys: map[string]bool{},
		Tickets: map[string]*accountTicket{}, Callbacks: map[string]string{},
	}
}

// checkCredentials judges the headers of an API call.
func (s *Service) checkCredentials(r *http.Request) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return &apiError{status: http.StatusUnauthorized, message: "an access token is required"}
	}
	known := s.grants.Access[token]
	switch {
	case known == nil:
		return &apiError{status: http.StatusUnauthorized, message: "the access token is not known"}
	case known.Family != "" && s.grants.Families[known.Family].Revoked:
		return &apiError{status: http.StatusUnauthorized, message: "the access token was revoked"}
	case !s.clock.Now().Before(known.ExpiresAt):
		return &apiError{status: http.StatusUnauthorized, message: "the access token has expired"}
	}
	key := r.Header.Get(platformKeyHeader)
	if key == "" && s.cfg.PlatformKeyRequired {
		return &apiError{status: http.StatusUnauthorized, code: codeKeyRequired, message: "API key required"}
	}
	if key != "" && !s.grants.PlatformKeys[key] {
		return &apiError{status: http.StatusUnauthorized, code: codeKeyInvalid, message: "invalid API key"}
	}
	return nil
}

// tokenRequest is the body of the token endpoint, for both grants.
type tokenRequest struct {
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	GrantType    string `json:"grant_type"`
	RefreshToken string `json:"refresh_token"`
	Code         string `json:"code"`
	RedirectURI  string `json:"redirect_uri"`
	CodeVerifier string `json:"code_verifier"`
}

// members returns the body's members that a grant type takes, none for an
// unknown one.
func (t tokenRequest) members() []string {
	common := []string{"client_id", "client_secret", "grant_type"}
	switch t.GrantType {
	case "refresh_token":
		return append(common, "refresh_token")
	case "authorization_code":
		return append(common, "code", "redirect_uri", "code_verifier")
	default:
		return nil
	}
}

func invalidRequest(description string) error {
	return &tokenError{status: http.StatusBadRequest, code: "invalid_request", description: description}
}

func invalidGrant(description string) error {
	return &tokenError{status: http.StatusBadRequest, code: "invalid_grant", description: description}
}

// createToken is the token endpoint: JSON only, one of two grants.
func (s *Service) createToken(c *call) (any, error) {
	if !isJSON(c.req.Header.Get("Content-Type")) {
		return nil, invalidRequest("the body must be application/json")
	}
	var body tokenRequest
	if err := json.Unmarshal(c.body, &body); err != nil {
		return nil, invalidRequest("the body must be a JSON object of strings")
	}
	members := body.members()
	if members == nil {
		return nil, &tokenError{
			status: http.StatusBadRequest, code: "unsupported_grant_type",
			description: "grant_type must be authorization_code or refresh_token",
		}
	}
	if err := decodeObject(c.body, members, &body); err != nil {
		return nil, invalidRequest(err.Error())
	}
	if err := s.checkClient(c.req, body); err != nil {
		return nil, err
	}
	if body.GrantType == "refresh_token" {
		return s.refresh(body.RefreshToken)
	}
	return s.exchange(body)
}

// checkClient accepts the client's credentials in the Basic header, which the
// reference prefers, or in the body. Where both are sent both must be right.
func (s *Service) checkClient(r *http.Request, body tokenRequest) error {
	id, secret, basic := r.BasicAuth()
	good := !basic || s.isClient(id, secret)
	if !basic || body.ClientID != "" || body.ClientSecret != "" {
		good = good && s.isClient(body.ClientID, body.ClientSecret)
	}
	if !good {
		return &tokenError{
			status: http.StatusUnauthorized, code: "invalid_client",
			description: "the client id or secret is missing or wrong",
		}
	}
	return nil
}

func (s *Service) isClient(id, secret string) bool {
	return same(id, s.ClientID()) && same(secret, s.ClientSecret())
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// refresh spends a refresh token for a new pair. A token that was spent before
// means that two hold it, and one of them stole it: the policy decides.
func (s *Service) refresh(token string) (any, error) {
	known := s.grants.Refresh[token]
	if known == nil {
		return nil, invalidGrant("the refresh token is not known")
	}
	line := s.grants.Families[known.Family]
	if known.Spent {
		s.grants.Reuses++
		s.dirty = true
		if s.cfg.Reuse == ReuseRevokesFamily {
			line.Revoked = true
			return nil, invalidGrant("the refresh token was used before; all tokens of its authorization are revoked")
		}
		if s.cfg.Reuse == ReuseRefused {
			return nil, invalidGrant("the refresh token was used before")
		}
	}
	if line.Revoked {
		return nil, invalidGrant("the authorization was revoked")
	}
	known.Spent = true
	s.grants.Refreshes++
	return s.issuePair(known.Family), nil
}

// exchange redeems an authorization code, once.
func (s *Service) exchange(body tokenRequest) (any, error) {
	code := s.grants.Codes[body.Code]
	if code == nil {
		return nil, invalidGrant("the code is not known")
	}
	if code.Family != "" {
		s.grants.Families[code.Family].Revoked = true
		s.dirty = true
		return nil, invalidGrant("the code was used before; all tokens it brought are revoked")
	}
	switch {
	case !s.clock.Now().Before(code.ExpiresAt):
		return nil, invalidGrant("the code has expired")
	case body.RedirectURI != code.RedirectURI:
		return nil, invalidGrant("redirect_uri differs from the one of the authorization")
	case code.Challenge == "" && body.CodeVerifier != "":
		return nil, invalidGrant("code_verifier without a code_challenge in the authorization")
	case code.Challenge != "" && challengeOf(body.CodeVerifier) != code.Challenge:
		return nil, invalidGrant("code_verifier does not fit the code_challenge")
	}
	code.Family = s.newFamily()
	return s.issuePair(code.Family), nil
}

// challengeOf is the S256 transformation of RFC 7636.
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *Service) newFamily() string {
	id := s.nextID("family")
	s.grants.Families[id] = &family{}
	return id
}

func (s *Service) newRefreshToken(familyID string) string {
	token := s.nextSecret("rt")
	s.grants.Refresh[token] = &refreshToken{Family: familyID}
	return token
}

func (s *Service) newAccessToken(familyID string) (string, time.Time) {
	token := s.nextSecret("at")
	expires := s.clock.Now().Add(s.cfg.AccessTokenLife)
	s.grants.Access[token] = &accessToken{Family: familyID, ExpiresAt: expires}
	return token, expires
}

func (s *Service) issuePair(familyID string) reply {
	access, expires := s.newAccessToken(familyID)
	return jsonReply(http.StatusOK, map[string]any{
		"access_token":  access,
		"refresh_token": s.newRefreshToken(familyID),
		"expires_at":    expires.Unix(),
		"type":          "bearer",
	})
}

// createPlatformKey takes the two keys from the query or the body: the
// reference's table says the one and its sample shows the other.
func (s *Service) createPlatformKey(c *call) (any, error) {
	body := struct {
		TokenKey  string `json:"tokenKey"`
		SecretKey string `json:"secretKey"`
	}{c.query.Get("tokenKey"), c.query.Get("secretKey")}
	good := !c.query.Has("tokenKey") && !c.query.Has("secretKey") || s.isPlatformPair(body.TokenKey, body.SecretKey)
	if len(c.body) > 0 {
		if err := decodeObject(c.body, []string{"tokenKey", "secretKey"}, &body); err != nil {
			return nil, &keyError{status: http.StatusBadRequest, message: err.Error()}
		}
	}
	if !good || !s.isPlatformPair(body.TokenKey, body.SecretKey) {
		return nil, &keyError{status: http.StatusUnauthorized, message: "tokenKey or secretKey is missing or wrong"}
	}
	key := s.nextSecret("pk")
	s.grants.PlatformKeys[key] = true
	return jsonReply(http.StatusOK, map[string]string{"status": "1", "accessToken": key}), nil
}

func (s *Service) isPlatformPair(tokenKey, secretKey string) bool {
	return same(tokenKey, s.TokenKey()) && same(secretKey, s.SecretKey())
}
