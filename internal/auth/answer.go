package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// maxAnswer bounds an answer of the token endpoint, in bytes.
	maxAnswer = 64 << 10
	// maxDepth bounds how deep an answer is looked into.
	maxDepth = 6
)

// httpAnswer is an answer that was read in full.
type httpAnswer struct {
	status int
	header http.Header
	body   []byte
}

// send does the request and reads a bounded answer.
func send(client *http.Client, req *http.Request) (answer httpAnswer, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return httpAnswer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return httpAnswer{}, err
	}
	return httpAnswer{status: resp.StatusCode, header: resp.Header, body: body}, nil
}

// describe names an answer by status and content type and quotes nothing of it.
func (a httpAnswer) describe() string {
	media, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		media = "no content type"
	}
	return fmt.Sprintf("HTTP %d (%s)", a.status, media)
}

func (a httpAnswer) success() bool { return a.status >= 200 && a.status < 300 }

// tokenAnswer is what can be understood of an answer, successful or not. Losing
// a refresh token to an unexpected shape would be worse than any guess, so the
// tokens are found wherever they are, and what is no text or no time is left out.
type tokenAnswer struct {
	// valid is set when the answer is JSON.
	valid                     bool
	accessToken, refreshToken string
	expiresAt, expiresIn      string
	// refused is set when the answer says that it is no success.
	refused bool
	// said holds what the answer says of that, codes and sentences.
	said []string
}

func (a httpAnswer) read() tokenAnswer {
	var out tokenAnswer
	var body any
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	// A number may be larger than any type of ours.
	decoder.UseNumber()
	if len(a.body) <= maxAnswer && decoder.Decode(&body) == nil {
		out.valid = true
		out.look(body, maxDepth)
	}
	return out
}

// look takes the members of an object before it goes deeper.
func (t *tokenAnswer) look(value any, depth int) {
	deeper, _ := value.([]any)
	object, _ := value.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		member := object[name]
		switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
		case "accesstoken":
			keep(&t.accessToken, member)
		case "refreshtoken":
			keep(&t.refreshToken, member)
		case "expiresat":
			keep(&t.expiresAt, member)
		case "expiresin":
			keep(&t.expiresIn, member)
		case "success", "status":
			t.refused = t.refused || slices.Contains([]any{false, "false", "0", json.Number("0")}, member)
		case "error", "errors":
			t.refused = t.refused || !slices.Contains([]any{nil, false, "", json.Number("0")}, member)
			t.listen(member, depth)
		case "code", "errorcode", "errordescription", "message", "msg":
			t.listen(member, depth)
		default:
			deeper = append(deeper, member)
		}
	}
	if depth == 0 {
		return
	}
	for _, member := range deeper {
		t.look(member, depth-1)
	}
}

// keep takes the first text or number that is there.
func keep(to *string, value any) {
	if *to != "" {
		return
	}
	switch v := value.(type) {
	case string:
		*to = v
	case json.Number:
		*to = v.String()
	}
}

// listen collects the texts of an error, with the names of the fields that they
// are about.
func (t *tokenAnswer) listen(value any, depth int) {
	switch v := value.(type) {
	case string:
		if v != "" && !slices.Contains(t.said, v) {
			t.said = append(t.said, v)
		}
	case []any:
		for _, element := range v {
			if depth > 0 {
				t.listen(element, depth-1)
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			var inner tokenAnswer
			if depth > 0 {
				inner.listen(v[name], depth-1)
			}
			for _, text := range inner.said {
				if !ownNames.MatchString(name) {
					text = name + " " + text
				}
				t.said = append(t.said, text)
			}
		}
	}
}

var (
	// ownNames are the members of an error that name no field of the request.
	ownNames = regexp.MustCompile(`(?i)^(code|message|msg|errors?|description|error_?description|field|status|type|title|detail|name)$`)
	// aboutGrant, aboutToken and aboutClient are what a refusal in words is about,
	// and lifeless what it says of that. A token that is required was not
	// understood, which is no fault of the token.
	aboutGrant  = regexp.MustCompile(`(?i)refresh[ _-]?token|\bgrant\b|authori[sz]ation code`)
	aboutToken  = regexp.MustCompile(`(?i)\b(token|jwt|session)\b`)
	aboutClient = regexp.MustCompile(`(?i)client[ _-]?(secret|id\b|credential|auth)|(invalid|unknown|unauthori[sz]ed)[ _-]client`)
	lifeless    = regexp.MustCompile(`(?i)invalid|expired|revoked|\bused\b|reuse|unknown|not found|not valid|no longer|not exist|incorrect|wrong|\bbad\b|malformed|mismatch|unrecogni[sz]ed|rejected|blacklist`)
	required    = regexp.MustCompile(`(?i)missing|required|must (be|have)|not (provided|supplied|present)`)
)

func (t *tokenAnswer) says(codes ...string) bool {
	return slices.ContainsFunc(t.said, func(text string) bool { return slices.Contains(codes, text) })
}

// blame is whose fault a refusal is.
type blame int

const (
	blameNobody blame = iota
	blameGrant
	blameClient
)

func (t *tokenAnswer) refuses(status int) bool {
	return status >= 400 && status < 500 && status != http.StatusTooManyRequests || status < 300 && t.refused
}

// blames reads whose fault a refusal is: the codes of OAuth count before words,
// and words only where the server refuses and is not itself in trouble. Known is
// false for a guess: 401 without a reason that we understand.
func (t *tokenAnswer) blames(status int) (who blame, known bool) {
	words := strings.Join(t.said, "; ")
	if !t.refuses(status) {
		words = ""
	}
	switch {
	case t.says("invalid_grant", "invalid_token", "expired_token"):
		return blameGrant, true
	case t.says("invalid_client", "unauthorized_client"):
		return blameClient, true
	case aboutClient.MatchString(words):
		return blameClient, true
	case lifeless.MatchString(words) && !required.MatchString(words) &&
		(aboutGrant.MatchString(words) || status == http.StatusUnauthorized && aboutToken.MatchString(words)):
		return blameGrant, true
	case status == http.StatusUnauthorized:
		return blameClient, false
	default:
		return blameNobody, false
	}
}

// explain is what an answer says, fit for a message.
func (t *tokenAnswer) explain(a httpAnswer, secrets []string) string {
	text := "the token endpoint answered " + a.describe()
	if len(t.said) > 0 {
		text += ": " + wire.Excerpt(strings.Join(t.said, ": "), append(secrets, t.accessToken, t.refreshToken)...)
	}
	return text
}
