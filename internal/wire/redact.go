package wire

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Redacted stands in for a secret wherever a text is shown.
const Redacted = "[redacted]"

const (
	// excerptLimit bounds foreign text in a message, in characters.
	excerptLimit = 300
	// readLimit bounds how much of a foreign text is looked at, in bytes.
	readLimit = 64 << 10
	// shortestSecret is the shortest secret that is replaced: replacing shorter
	// ones would garble the message and hide nothing.
	shortestSecret = 4
	// shortestPart is how long a part of a secret must be to be replaced too.
	shortestPart = 12
)

var (
	markup = regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`)
	// namedSecret finds a value by the name that is written before it, in JSON,
	// in a form and on a command line.
	namedSecret = regexp.MustCompile(`(?i)([A-Za-z0-9_-]*(?:token|secret|password|passwd|api[_-]?key|credential|assertion|authorization)[A-Za-z0-9_-]*\\?"?\s*[:=]\s*\\?"?)(?:(?:bearer|basic)\s+)?([^\s"'&,;}\\]+)`)
	bearerValue = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[^\s"',;]+`)
	// longWord finds what looks like a token; looksRandom decides. An encoded
	// character is a word of its own, because its digits are not those of the text.
	longWord = regexp.MustCompile(`%[0-9A-Fa-f]{2}|[A-Za-z0-9_~+/=.-]{20,}`)
)

// Excerpt makes foreign text fit for a message: known secrets and what looks
// like one are replaced, markup, control characters and line breaks are
// flattened, and only then its length is bounded, so that no part of a secret
// is left by the cut.
func Excerpt(text string, secrets ...string) string {
	text = markup.ReplaceAllString(Redact(bounded(text), secrets...), " ")
	return tidy(longWord.ReplaceAllStringFunc(hideNamed(text), func(word string) string {
		if looksRandom(word) {
			return Redacted
		}
		return word
	}))
}

// bounded cuts a text that is too long to look at. A secret may lie across the
// end, so the last word goes with it.
func bounded(text string) string {
	if len(text) <= readLimit {
		return text
	}
	return strings.TrimRightFunc(text[:readLimit], func(r rune) bool { return !unicode.IsSpace(r) })
}

func hideNamed(text string) string {
	return namedSecret.ReplaceAllString(bearerValue.ReplaceAllString(text, "$1 "+Redacted), "${1}"+Redacted)
}

// tidy makes one bounded line of a text.
func tidy(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if runes := []rune(text); len(runes) > excerptLimit {
		text = string(runes[:excerptLimit]) + "…"
	}
	return strings.ToValidUTF8(text, "?")
}

// Said makes the words of a service fit for a message: like Excerpt, but ids and
// other long words stay, because they are what a person looks for.
func Said(text string, secrets ...string) string {
	return tidy(hideNamed(Redact(bounded(text), secrets...)))
}

// Redact replaces secrets that are known, also where they are escaped for Go,
// JSON, a query or Basic authorization, and parts of at least a dozen bytes.
func Redact(text string, secrets ...string) string {
	var forms []string
	for _, secret := range secrets {
		if len(secret) < shortestSecret {
			continue
		}
		quoted, inJSON := strconv.Quote(secret), marshal(secret)
		forms = append(forms, secret, url.QueryEscape(secret), url.PathEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)),
			quoted[1:len(quoted)-1], inJSON, strings.ReplaceAll(inJSON, "/", `\/`))
	}
	// Longer forms go first, so that no rest of one remains, and parts go last:
	// a part that two forms share would leave the rest of the other.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	for _, form := range forms {
		text = strings.ReplaceAll(text, form, Redacted)
	}
	for _, form := range forms {
		text = redactParts(text, form)
	}
	return text
}

// marshal is a text as it stands between the quotes of JSON.
func marshal(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		return text
	}
	return string(raw[1 : len(raw)-1])
}

// redactParts replaces each run of text that also stands in the secret.
func redactParts(text, secret string) string {
	if len(secret) <= shortestPart || len(text) < shortestPart {
		return text
	}
	parts := make(map[string]bool, len(secret))
	for i := 0; i+shortestPart <= len(secret); i++ {
		parts[secret[i:i+shortestPart]] = true
	}
	var out strings.Builder
	for from := 0; from < len(text); {
		end := from
		for i := from; i+shortestPart <= len(text) && i <= end && parts[text[i:i+shortestPart]]; i++ {
			end = i + shortestPart
		}
		if end > from {
			out.WriteString(Redacted)
			from = end
			continue
		}
		out.WriteByte(text[from])
		from++
	}
	return out.String()
}

// LooksSecret reports whether the name of a member or of an option says that
// its value is confidential.
func LooksSecret(name string) bool { return secretName.MatchString(name) }

var secretName = regexp.MustCompile(`(?i)(token|secret|passw(or)?d|api[_-]?key|private[_-]?key|credential|authorization)`)

// looksRandom reports whether a word may be a token: a long run without spaces
// that mixes letters and digits and is neither an absolute path nor an encoded
// character.
func looksRandom(word string) bool {
	if strings.HasPrefix(word, "%") || strings.HasPrefix(word, "/") && strings.Count(word, "/") > 1 {
		return false
	}
	return strings.ContainsFunc(word, unicode.IsLetter) && strings.ContainsFunc(word, unicode.IsDigit)
}
