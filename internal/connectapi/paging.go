package connectapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
)

const (
	// pageSize is the most entries a page may have (assumed).
	pageSize = 100
	// maxPages guards against a service that ignores the page parameter and
	// never sends a short page.
	maxPages = 10_000
)

// page is one page of a listing.
type page[T any] struct {
	entries []T
	total   number
	limit   number
}

// pages iterates over a listing, page by page, and yields an error as its last
// element when a page cannot be had: a listing that failed half-way is an
// error, never a short list. id tells entries apart, to recognize a service
// that repeats a page.
func pages[T any](ctx context.Context, c *Client, listing call, id func(T) string) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		walk := &listingWalk[T]{op: listing.op, id: id}

		for {
			before := walk.pages

			p, err := fetchPage[T](ctx, c, listing, before+1)
			if err != nil {
				yield(nil, err)

				return
			}

			done, err := walk.take(p)
			if err != nil {
				yield(nil, err)

				return
			}

			if walk.pages > before && !yield(p.entries, nil) || done {
				return
			}
		}
	}
}

// listingWalk decides, page after page, whether a listing goes on.
type listingWalk[T any] struct {
	op          OperationName
	id          func(T) string
	pages, seen int
	firstID     string
}

// take counts the next page and tells whether it was the last. A page that does
// not count, being empty or a repetition, is the end. The error tells of a
// listing that ended before the total it promised, or that does not end.
func (w *listingWalk[T]) take(p page[T]) (done bool, err error) {
	// A service without paging answers the same whole list again.
	repeated := w.pages > 0 && len(p.entries) > 0 && w.firstID != "" && w.id(p.entries[0]) == w.firstID

	switch {
	case (len(p.entries) == 0 || repeated) && p.total.set && w.seen < p.total.value:
		return true, fmt.Errorf("%s: the listing ended after %d of %d entries; entries may have been removed meanwhile, try again: %w", w.op, w.seen, p.total.value, ErrUnexpectedAnswer)
	case len(p.entries) == 0 || repeated:
		return true, nil
	case w.pages == maxPages:
		return true, fmt.Errorf("%s: the listing did not end after %d pages: %w", w.op, maxPages, ErrUnexpectedAnswer)
	}

	w.firstID = w.id(p.entries[0])
	w.pages++
	w.seen += len(p.entries)

	return p.isLast(w.seen), nil
}

// isLast: the total decides where there is one, else a page shorter than asked.
// A total below what was already seen is no total, such as the entries of one
// page; to believe it would cut the listing short.
func (p page[T]) isLast(seen int) bool {
	if p.total.set && p.total.value >= seen {
		return seen == p.total.value
	}

	limit := pageSize
	if p.limit.set && p.limit.value > 0 {
		limit = p.limit.value
	}

	return len(p.entries) < limit
}

// notGone keeps a 404 for a listing of everything from meaning that an object
// is gone: the listing itself was not found.
func notGone(err error, ofSomething bool) error {
	if apiErr, ok := errors.AsType[*APIError](err); ok && !ofSomething && IsNotFound(apiErr) {
		apiErr.Kind = ErrUnexpectedAnswer
	}

	return err
}

func fetchPage[T any](ctx context.Context, c *Client, listing call, n int) (page[T], error) {
	query := url.Values{}
	maps.Copy(query, listing.query)
	query.Set("page", strconv.Itoa(n))
	query.Set("limit", strconv.Itoa(pageSize))

	listing.query = query

	env, err := c.do(ctx, listing)
	if err != nil {
		return page[T]{}, notGone(err, len(listing.params) > 0)
	}

	payload, total, limit, err := listPayload(env)
	if err != nil {
		return page[T]{}, env.unexpected(err.Error())
	}

	if payload == nil {
		return page[T]{total: total, limit: limit}, nil
	}

	env.payload = payload

	entries, err := decodePayload[[]T](env)

	return page[T]{entries: entries, total: total, limit: limit}, err
}

// listPayload finds the list of a listing: the payload itself, or the only
// list inside of it, as in {"data": {"items": […], "total": 7}}.
func listPayload(env envelope) (payload json.RawMessage, total, limit number, err error) {
	raw := bytes.TrimSpace(env.payload)

	switch {
	case len(raw) == 0:
		// To take this for an empty listing would make every object look deleted.
		return nil, total, limit, errors.New("the answer holds no list")
	case bytes.Equal(raw, []byte("null")):
		return nil, env.total, env.limit, nil
	case raw[0] == '[':
		return raw, env.total, env.limit, nil
	case raw[0] != '{':
		return nil, total, limit, fmt.Errorf("the answer's data is no list: %s", excerpt(raw))
	}

	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, total, limit, fmt.Errorf("the answer's data cannot be read: %w", err)
	}

	for _, member := range members {
		if trimmed := bytes.TrimSpace(member); len(trimmed) > 0 && trimmed[0] == '[' {
			if payload != nil {
				return nil, total, limit, fmt.Errorf("the answer's data holds several lists: %s", excerpt(raw))
			}

			payload = trimmed
		}
	}

	if payload == nil {
		return nil, total, limit, fmt.Errorf("the answer's data holds no list: %s", excerpt(raw))
	}

	var inner envelopeMembers
	if json.Unmarshal(raw, &inner) == nil {
		total, limit = inner.Total, inner.Limit
	}

	if !total.set {
		total = env.total
	}

	return payload, total, limit, nil
}

// collect reads a whole listing.
func collect[T any](seq iter.Seq2[[]T, error]) ([]T, error) {
	var all []T

	for entries, err := range seq {
		if err != nil {
			return nil, err
		}

		all = append(all, entries...)
	}

	return all, nil
}
