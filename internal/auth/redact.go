package auth

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// excerptLimit bounds foreign text in a message, in bytes.
const excerptLimit = 300

var (
	// namedSecret finds a value by the name that is written before it, in JSON,
	// in a form and on a command line.
	namedSecret = regexp.MustCompile(`(?i)([A-Za-z0-9_-]*(?:token|secret|password|passwd|api[_-]?key|credential|assertion|authorization)[A-Za-z0-9_-]*"?\s*[:=]\s*"?)(?:(?:bearer|basic)\s+)?([^\s"'&,;}]+)`)
	bearerValue = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[^\s"',;]+`)
	// longWord finds what looks like a token; looksRandom decides.
	longWord = regexp.MustCompile(`[A-Za-z0-9_~+/=.-]{20,}`)
)

// excerpt makes foreign text fit for a message: known secrets and what looks
// like one are masked, control characters and line breaks are flattened, and
// its length is bounded.
func excerpt(text string, secrets ...string) string {
	text = maskKnown(text, secrets)
	text = bearerValue.ReplaceAllString(text, "$1 "+redacted)
	text = namedSecret.ReplaceAllString(text, "${1}"+redacted)
	text = longWord.ReplaceAllStringFunc(text, func(word string) string {
		if looksRandom(word) {
			return redacted
		}
		return word
	})
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
	if len(text) > excerptLimit {
		text = strings.ToValidUTF8(text[:excerptLimit], "") + "…"
	}
	return text
}

// maskKnown removes secrets that are known, also where they are escaped for
// JSON, for a query or for Basic authorization.
func maskKnown(text string, secrets []string) string {
	var forms []string
	for _, secret := range secrets {
		if len(secret) < 4 {
			continue
		}
		forms = append(forms, secret, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)))
		if quoted, err := json.Marshal(secret); err == nil {
			forms = append(forms, strings.Trim(string(quoted), `"`))
		}
	}
	// Longer forms go first, so that no rest of one remains.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// looksRandom tells a token from a word or an absolute path: a long run without
// spaces that mixes letters and digits.
func looksRandom(word string) bool {
	if strings.HasPrefix(word, "/") && strings.Count(word, "/") > 1 {
		return false
	}
	return strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}
