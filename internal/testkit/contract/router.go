package contract

import (
	"net/url"
	"strings"
)

// find answers the operation of a request and the unescaped values of its
// placeholders, or nil when no operation takes it. Of two templates that fit, the
// one with more literal segments is meant.
func (d *Document) find(method, path string) (found *operation, values map[string]string) {
	segments := split(path)
	for _, op := range d.operations {
		if op.Method != method || len(op.segments) != len(segments) {
			continue
		}
		if taken, ok := match(op.segments, segments); ok && (found == nil || len(taken) < len(values)) {
			found, values = op, taken
		}
	}
	return found, values
}

func match(template, segments []string) (map[string]string, bool) {
	values := map[string]string{}
	for i, want := range template {
		if !strings.HasPrefix(want, "{") {
			if want != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		values[strings.Trim(want, "{}")] = value
	}
	return values, true
}

func split(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}
