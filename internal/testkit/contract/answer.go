package contract

import "fmt"

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
	if len(want.content) == 0 {
		return nil
	}
	if _, err := want.content.check(e.ResponseHeader, e.ResponseBody); err != nil {
		return fmt.Errorf("answer %d %w", e.Status, err)
	}
	return nil
}
