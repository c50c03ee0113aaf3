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

// options accepts {"key": value} and [{"key": …, "value": …}]. null values are
// dropped: the service has no value there.
type options map[string]string

func (o *options) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	*o = options{}

	if len(raw) > 0 && raw[0] == '[' {
		var pairs []struct {
			Key   text            `json:"key"`
			Value json.RawMessage `json:"value"`
		}
		if err := json.Unmarshal(raw, &pairs); err != nil {
			return fmt.Errorf("decode options: %w", err)
		}

		for _, pair := range pairs {
			if err := o.set(string(pair.Key), pair.Value); err != nil {
				return err
			}
		}

		return nil
	}

	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return fmt.Errorf("decode options: %w", err)
	}

	for key, value := range members {
		if err := o.set(key, value); err != nil {
			return err
		}
	}

	return nil
}

func (o *options) set(key string, raw json.RawMessage) error {
	if len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null")) {
		return nil
	}

	value, err := scalarText(raw)
	if err != nil {
		return fmt.Errorf("option %q: %w", key, err)
	}

	(*o)[key] = value

	return nil
}

// ParseStatus maps the service's status words onto on (true) and off (false).
// Documented nowhere; ON and OFF are assumed, the other words are tolerated.
// An unknown word is an error that quotes it.
func ParseStatus(word string) (on bool, err error) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "on", "active", "enabled", "true", "1":
		return true, nil
	case "off", "inactive", "disabled", "false", "0":
		return false, nil
	default:
		return false, fmt.Errorf("unknown connect status %q: expected ON or OFF", word)
	}
}

// IsMasked tells whether an option value is a mask instead of the value: the
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
