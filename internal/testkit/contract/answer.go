package contract

import (
	"fmt"
	"slices"
	"strings"
)

// checkAnswer holds an answer to those that are listed for its status.
func checkAnswer(listed map[int]*answer, e Exchange) error {
	want, ok := listed[e.Status]
	if !ok {
		return fmt.Errorf("answer status %d: not in the contract", e.Status)
	}
	for _, header := range want.headers {
		values := e.ResponseHeader.Values(header.name)
		if len(values) == 0 {
			if header.required {
				return fmt.Errorf("answer %d header %s: missing", e.Status, header.name)
			}
			continue
		}
		if err := header.check(values[0]); err != nil {
			return fmt.Errorf("answer %d header %s: %w", e.Status, header.name, err)
		}
	}
	if err := want.checkBody(e); err != nil {
		return fmt.Errorf("answer %d %w", e.Status, err)
	}
	return nil
}

func (a *answer) checkBody(e Exchange) error {
	if len(a.mediaTypes) == 0 {
		return nil
	}
	media, err := mediaType(e.ResponseHeader)
	if err != nil {
		return err
	}
	schema, ok := a.mediaTypes[media]
	if !ok {
		return fmt.Errorf("header Content-Type: %q, want %s", media, a.listMediaTypes())
	}
	var value any = string(e.ResponseBody)
	if media == mediaJSON {
		if value, err = decode(e.ResponseBody); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	}
	if err := schema.Validate(value); err != nil {
		return fmt.Errorf("body%w", reason(err))
	}
	return nil
}

func (a *answer) listMediaTypes() string {
	var names []string
	for name := range a.mediaTypes {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " or ")
}
