package simulator

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Normalize is a form of storing in which a service may show other text than it
// was sent, although it means the same: names and values without the white space
// around them, line ends as \n, JSON without spaces and with its keys sorted, an
// empty object as nothing, and numbers without zeros at the end.
func Normalize(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "{}" {
		return ""
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if strings.HasPrefix(text, "{") && decoder.Decode(&value) == nil {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err == nil {
			return strings.TrimSpace(out.String())
		}
	}
	if number, err := strconv.ParseFloat(text, 64); err == nil && strings.Contains(text, ".") {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return text
}

// store gives a step the text of an option; an empty one is none.
func (s *Service) store(step *Step, key, text string) {
	delete(step.Typed, key)
	if step.Options[key] = s.stored(text); step.Options[key] == "" {
		delete(step.Options, key)
	}
}

// stored is the form in which the service keeps a name or the value of an option.
func (s *Service) stored(text string) string {
	if s.cfg.Stored == nil {
		return text
	}
	return s.cfg.Stored(text)
}
