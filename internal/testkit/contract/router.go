package contract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// routes finds the operation of a request. It is keyed by method and number of
// segments; within a key, templates with more literal segments come first.
type routes map[routeKey][]*operation

type routeKey struct {
	method   string
	segments int
}

func (r routes) add(op *operation) {
	key := routeKey{op.Method, len(op.segments)}
	r[key] = append(r[key], op)
}

func (r routes) sort() {
	for _, list := range r {
		slices.SortFunc(list, func(a, b *operation) int {
			return cmp.Or(cmp.Compare(placeholders(a.segments), placeholders(b.segments)), cmp.Compare(a.ID, b.ID))
		})
	}
}

// find answers the operation and the unescaped values of its placeholders, or
// nil when no operation takes the request.
func (r routes) find(method, path string) (*operation, map[string]string) {
	segments := split(path)
	for _, op := range r[routeKey{method, len(segments)}] {
		if values, ok := match(op.segments, segments); ok {
			return op, values
		}
	}
	return nil, nil
}

func match(template, segments []string) (map[string]string, bool) {
	values := map[string]string{}
	for i, want := range template {
		name, isPlaceholder := placeholder(want)
		if !isPlaceholder {
			if want != segments[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		values[name] = value
	}
	return values, true
}

func split(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

func placeholder(segment string) (name string, ok bool) {
	if !strings.HasPrefix(segment, "{") || !strings.HasSuffix(segment, "}") {
		return "", false
	}
	return segment[1 : len(segment)-1], true
}

func placeholders(segments []string) int {
	count := 0
	for _, segment := range segments {
		if _, ok := placeholder(segment); ok {
			count++
		}
	}
	return count
}
