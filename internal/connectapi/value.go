package connectapi

import (
	"encoding/json"
	"strings"
)

// Value is the value of an option as the JSON text that it is: what is not
// managed goes back as it was, with its type and its digits.
type Value string

// TextValue is the value of a text.
func TextValue(text string) Value {
	raw, err := marshal(text)
	if err != nil {
		// A string always has a JSON form.
		return `""`
	}
	return Value(raw)
}

// TextValues are the values of texts.
func TextValues(texts map[string]string) map[string]Value {
	values := make(map[string]Value, len(texts))
	for key, text := range texts {
		values[key] = TextValue(text)
	}
	return values
}

// Text is what a JSON text says, and the compact JSON of anything else; null,
// and no value at all, is empty.
func (v Value) Text() string {
	if v == "null" {
		return ""
	}
	var text string
	if strings.HasPrefix(string(v), `"`) && json.Unmarshal([]byte(v), &text) == nil {
		return text
	}
	return string(v)
}

// MarshalJSON returns the value as it is; no value is null.
func (v Value) MarshalJSON() ([]byte, error) {
	if v == "" {
		return []byte("null"), nil
	}
	return []byte(v), nil
}

// jsonValues keeps each value as the JSON that it is.
func jsonValues(options map[string]any) map[string]Value {
	if options == nil {
		return nil
	}
	values := make(map[string]Value, len(options))
	for key, value := range options {
		if number, ok := value.(json.Number); ok {
			values[key] = Value(number.String())
			continue
		}
		raw, err := marshal(value)
		if err != nil {
			// What was decoded from JSON can be encoded.
			continue
		}
		values[key] = Value(raw)
	}
	return values
}

// marshal encodes without escaping what HTML would need escaped.
func marshal(value any) (string, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return strings.TrimSuffix(out.String(), "\n"), err
}

// IsMasked reports whether an option value is a mask instead of the value: the
// service may show secrets as asterisks, bullets or dots, and it may let the
// last few characters through.
func IsMasked(value string) bool {
	const mask = "*•●∙·"
	runes := []rune(strings.TrimSpace(value))
	masked := 0
	for masked < len(runes) && strings.ContainsRune(mask, runes[masked]) {
		masked++
	}
	const shown = 4
	return masked >= 3 && len(runes)-masked <= shown
}
