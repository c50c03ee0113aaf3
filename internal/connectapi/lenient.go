package connectapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// text accepts a JSON string, number or boolean as text. null leaves it empty.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	s, err := scalarText(raw)
	if err != nil {
		return err
	}

	*t = text(s)

	return nil
}

// shown is a text that may be left out: null is shown as none.
type shown struct {
	text
	there bool
}

func (s *shown) UnmarshalJSON(raw []byte) error {
	s.there = true
	return s.text.UnmarshalJSON(raw)
}

// scalarText renders a JSON scalar as text, and anything else as compact JSON,
// because an option value that the service chose to structure must neither
// fail a whole listing nor be lost.
func scalarText(raw []byte) (string, error) {
	raw = bytes.TrimSpace(raw)

	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return "", nil
	case raw[0] == '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", fmt.Errorf("decode text: %w", err)
		}

		return s, nil
	case raw[0] == '{' || raw[0] == '[':
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return "", fmt.Errorf("decode text: %w", err)
		}

		return compact.String(), nil
	default:
		return string(raw), nil
	}
}

// identity reads an object's id: "_id", then "id", then "objectId".
type identity struct {
	Underscored idText `json:"_id"`
	Plain       idText `json:"id"`
	Object      idText `json:"objectId"`
}

// idText is an id; what is no scalar is none.
type idText string

func (t *idText) UnmarshalJSON(raw []byte) error {
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
		return nil
	}

	id, err := scalarText(raw)
	*t = idText(id)

	return err
}

func (i identity) id() string {
	for _, candidate := range []idText{i.Underscored, i.Plain, i.Object} {
		if candidate != "" {
			return string(candidate)
		}
	}

	return ""
}

// flag accepts true, "true", 1 and "1".
type flag bool

func (f *flag) UnmarshalJSON(raw []byte) error {
	s, err := scalarText(raw)
	if err != nil {
		return err
	}

	value, err := strconv.ParseBool(strings.ToLower(s))
	*f = flag(err == nil && value)

	return nil
}

// number accepts 7 and "7"; anything else counts as absent.
type number struct {
	value int
	set   bool
}

func (n *number) UnmarshalJSON(raw []byte) error {
	s, err := scalarText(raw)
	if err != nil {
		return err
	}

	value, err := strconv.Atoi(s)
	n.value, n.set = value, err == nil

	return nil
}

// options accepts {"key": value} and [{"key": …, "value": …}]. It stays nil when
// there is no such member, or null: then the service does not show the options.
type options map[string]Value

func (o *options) UnmarshalJSON(raw []byte) error {
	if isNothing(raw) {
		return nil
	}
	if bytes.TrimSpace(raw)[0] == '[' {
		var pairs []struct {
			Key   text  `json:"key"`
			Value Value `json:"value"`
		}
		if err := json.Unmarshal(raw, &pairs); err != nil {
			return fmt.Errorf("decode options: %w", err)
		}
		*o = make(options, len(pairs))
		for _, pair := range pairs {
			(*o)[string(pair.Key)] = pair.Value
		}
		return nil
	}
	var members map[string]Value
	if err := json.Unmarshal(raw, &members); err != nil {
		return fmt.Errorf("decode options: %w", err)
	}
	*o = members
	return nil
}

// Value is the value of an option as the JSON text that it is: what is not
// managed goes back as it was, with its type and its digits.
type Value string

// TextValue is the value of a text.
func TextValue(text string) Value {
	raw, err := json.Marshal(text)
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
	s, err := scalarText([]byte(v))
	if err != nil {
		return string(v)
	}
	return s
}

// MarshalJSON returns the value as it is; no value is null.
func (v Value) MarshalJSON() ([]byte, error) {
	if v == "" {
		return []byte("null"), nil
	}
	return []byte(v), nil
}

// UnmarshalJSON takes the value as it is.
func (v *Value) UnmarshalJSON(raw []byte) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return fmt.Errorf("decode an option: %w", err)
	}
	*v = Value(compact.String())
	return nil
}

// ParseStatus maps the service's status words onto on (true) and off (false).
// Documented nowhere; ON and OFF are assumed, the other words are tolerated.
// An unknown word is an error that quotes it.
func ParseStatus(word string) (on bool, err error) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "on", "active", "enabled", "true", "1":
		return true, nil
	case "off", "inactive", "disabled", "draft", "false", "0":
		return false, nil
	default:
		return false, fmt.Errorf("unknown connect status %q: expected ON or OFF", word)
	}
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
