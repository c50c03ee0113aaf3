package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds a request body.
const maxBody = 1 << 20

// readBody reads a whole request body, so that a client that leaves is noticed
// and nothing larger than the bound is ever held.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, badRequest("the request body cannot be read")
	}
	if len(body) > maxBody {
		return nil, badRequest(fmt.Sprintf("the request body is larger than %d bytes", maxBody))
	}
	return body, nil
}

// decodeObject decodes a body that must be one JSON object with no other
// members than the allowed ones, spelled exactly so. encoding/json alone would
// let a wrong case and trailing data pass.
func decodeObject(body []byte, allowed []string, into any) error {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return badRequest("the body must be a JSON object with " + strings.Join(allowed, ", "))
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return badRequest("the body is not valid JSON: " + err.Error())
	}
	fields := map[string][]string{}
	for name := range members {
		if !slices.Contains(allowed, name) {
			fields[name] = []string{"is not a member of this request"}
		}
	}
	if len(fields) > 0 {
		return &apiError{
			status:  http.StatusBadRequest,
			message: "unknown members in the body; allowed are " + strings.Join(allowed, ", "),
			fields:  fields,
		}
	}
	if err := json.Unmarshal(body, into); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return badField(wrong.Field, "must be a "+wrong.Type.String()+", not a "+wrong.Value)
		}
		return badRequest("the body does not fit: " + err.Error())
	}
	return nil
}

// paginate cuts the page a request asks for out of all entries and renders only
// that. A page beyond the end is empty, not an error.
func paginate[T, W any](c *call, all []T, wire func(T) W) (any, error) {
	page, err := positive(c, "page", 1, 0)
	if err != nil {
		return nil, err
	}
	limit, err := positive(c, "limit", maxPageLimit, maxPageLimit)
	if err != nil {
		return nil, err
	}
	limit = min(limit, c.pageLimit)
	rendered := []W{}
	// Comparing pages first keeps (page-1)*limit from overflowing.
	if pages := (len(all) + limit - 1) / limit; page <= pages {
		start := (page - 1) * limit
		for _, entry := range all[start:min(start+limit, len(all))] {
			rendered = append(rendered, wire(entry))
		}
	}
	return listing{Data: rendered, Total: len(all), Page: page, Limit: limit}, nil
}

// positive reads a whole number of at least 1 from the query; most 0 is no bound.
func positive(c *call, name string, absent, most int) (int, error) {
	text := c.query.Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || (most > 0 && n > most) {
		if most > 0 {
			return 0, badField(name, fmt.Sprintf("must be a whole number from 1 to %d", most))
		}
		return 0, badField(name, "must be a whole number from 1")
	}
	return n, nil
}
