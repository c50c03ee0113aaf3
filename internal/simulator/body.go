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
	if c.fault.Kind == FaultShiftedPage && len(all) > 0 {
		all = all[1:]
	}
	rendered := []W{}
	if c.window != nil {
		start := min(c.window.Skip, len(all))
		for _, entry := range all[start:min(start+min(c.window.Take, c.pageLimit), len(all))] {
			rendered = append(rendered, wire(entry))
		}
		return listing{Data: rendered, Total: len(all)}, nil
	}
	first := c.firstPage()
	asked, err := wholeNumber(c, pageParameter, first, first, 0)
	if err != nil {
		return nil, err
	}
	page := asked - first + 1
	if c.quirks[QuirkIgnoresPage] {
		page = 1
	}
	limit, err := wholeNumber(c, "limit", maxPageLimit, 1, maxPageLimit)
	if err != nil {
		return nil, err
	}
	limit = min(limit, c.pageLimit)
	// Comparing pages first keeps (page-1)*limit from overflowing.
	pages := (len(all) + limit - 1) / limit
	if c.quirks[QuirkEndNotFound] && page > max(1, pages) {
		return nil, &apiError{status: http.StatusNotFound, message: fmt.Sprintf("there is no page %d", asked)}
	}
	if page <= pages {
		start := (page - 1) * limit
		for _, entry := range all[start:min(start+limit, len(all))] {
			rendered = append(rendered, wire(entry))
		}
	}
	return listing{Data: rendered, Total: len(all), Page: asked, Limit: limit}, nil
}

// firstPage is the number that the service gives to the first page.
func (c *call) firstPage() int {
	if c.quirks[QuirkPagesFromZero] {
		return 0
	}
	return 1
}

// beginsListing reports whether a request asks for the first page.
func (c *call) beginsListing() bool {
	if c.window != nil {
		return c.window.Skip == 0
	}
	asked := c.query.Get(pageParameter)
	return asked == "" || asked == strconv.Itoa(c.firstPage())
}

// wholeNumber reads a number from the query; most 0 is no bound.
func wholeNumber(c *call, name string, absent, least, most int) (int, error) {
	text := c.query.Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || (most > 0 && n > most) {
		if most > 0 {
			return 0, badField(name, fmt.Sprintf("must be a whole number from %d to %d", least, most))
		}
		return 0, badField(name, fmt.Sprintf("must be a whole number from %d", least))
	}
	return n, nil
}
