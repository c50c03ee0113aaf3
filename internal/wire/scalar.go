package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// ScalarText renders a JSON scalar as text: a string as what it says, a number
// and a boolean as they are written, null and nothing as "". Anything else is an
// error, which quotes nothing of it.
func ScalarText(raw []byte) (string, error) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return "", nil
	case raw[0] == '"':
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return "", fmt.Errorf("a text of %d bytes is not valid JSON", len(raw))
		}
		return s, nil
	case raw[0] == '{':
		return "", fmt.Errorf("an object where a text is expected")
	case raw[0] == '[':
		return "", fmt.Errorf("a list where a text is expected")
	default:
		return string(raw), nil
	}
}

// Text is a JSON string, number or boolean, read as text. What is none of them
// counts as absent.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(raw []byte) error {
	s, _ := ScalarText(raw)
	*t = Text(s)
	return nil
}

// Whole is a whole number that may arrive as a string or with a fraction of
// zeros. What is no number counts as absent.
type Whole struct {
	Value int64
	Set   bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (w *Whole) UnmarshalJSON(raw []byte) error {
	s, _ := ScalarText(raw)
	if value, err := strconv.ParseInt(s, 10, 64); err == nil {
		*w = Whole{Value: value, Set: true}
	} else if f, err := strconv.ParseFloat(s, 64); err == nil && f == float64(int64(f)) && f > -1<<53 && f < 1<<53 {
		*w = Whole{Value: int64(f), Set: true}
	} else {
		*w = Whole{}
	}
	return nil
}
