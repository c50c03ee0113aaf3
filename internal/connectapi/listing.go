package connectapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// pageSize is the most entries a page may have (assumed).
	pageSize = 100
	// maxPages ends a listing that never ends.
	maxPages = 10_000
	// listingTries is how often a listing that changes while it is read, or that
	// contradicts itself, is begun before it is an error.
	listingTries = 3
)

// errListingMoved means that a listing cannot be complete, because it lost
// entries or repeated a page while it was read.
var errListingMoved = errors.New("the listing is not complete")

// page is one page of a listing.
type page[T any] struct {
	entries []T
	total   number
	limit   number
}

// listAll reads a listing to its end: a total that adds up, or an empty page, or
// where nothing needs to be proven the first page once more. One that moves is
// begun again, and then an error, never a short list. The number of requests is
// at most listingTries times that of the pages and two.
func listAll[T any](ctx context.Context, c *Client, listing call, id func(T) string) ([]T, error) {
	for try := 1; ; try++ {
		all, moved, err := readOnce(ctx, c, listing, id)
		if err != nil {
			return nil, err
		}
		if moved == nil {
			return all, nil
		}
		if try == listingTries {
			return nil, moved
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[min(try, len(c.settle))-1]); err != nil {
			return nil, err //nolint:wrapcheck // the caller knows what it asked for.
		}
	}
}

// readOnce reads a listing once. moved is why it cannot be complete: what it shows
// is there, and what it does not show may be, too.
func readOnce[T any](ctx context.Context, c *Client, listing call, id func(T) string) (all []T, moved, err error) {
	for entries, err := range pages(ctx, c, listing, id) {
		switch {
		case errors.Is(err, errListingMoved):
			return all, err, nil
		case err != nil:
			return nil, nil, err
		}
		all = append(all, entries...)
	}
	return all, nil, nil
}

// pages iterates over a listing. An error is its last element.
func pages[T any](ctx context.Context, c *Client, listing call, id func(T) string) iter.Seq2[[]T, error] {
	return func(yield func([]T, error) bool) {
		walk := &listingWalk[T]{op: listing.op, id: id, proven: listing.proven, seen: map[string]bool{}}
		for !walk.done {
			p, err := fetchPage[T](ctx, c, listing, walk.pages+1)
			if walk.pages > 0 && IsNotFound(err) {
				// Some services have no page past the end.
				p, err = page[T]{}, nil
			}
			var news []T
			if err == nil {
				news, err = walk.take(p)
			}
			if err == nil && walk.done && walk.moved == nil && !walk.total.set && listing.proven {
				err = checkFirstPage(ctx, c, listing, walk)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(news) > 0 && !yield(news, nil) {
				return
			}
		}
		if walk.moved != nil {
			yield(nil, walk.moved)
		}
	}
}

// listingWalk decides, page after page, whether a listing goes on.
type listingWalk[T any] struct {
	op OperationName
	id func(T) string
	// proven: see call.
	proven bool
	seen   map[string]bool
	total  number
	pages  int
	done   bool
	// moved is why the listing cannot be complete.
	moved error
}

// take counts the next page and returns its entries that are new. Entries that
// come again have moved from one page to the next, which loses nothing.
func (w *listingWalk[T]) take(p page[T]) ([]T, error) {
	var news []T
	for _, entry := range p.entries {
		id := w.id(entry)
		if id == "" {
			return nil, fmt.Errorf("%s: an entry of page %d has no id (_id, id or objectId), so that it cannot be told apart: %w", w.op, w.pages+1, ErrUnexpectedAnswer)
		}
		if !w.seen[id] {
			w.seen[id] = true
			news = append(news, entry)
		}
	}
	w.pages++
	if p.total.set && w.total.set && p.total.value < w.total.value {
		w.move("it says that it has %d entries and said more before", p.total.value)
	}
	w.total = p.total
	if w.total.set && w.total.value < len(w.seen) {
		// It counts something else, such as the entries of one page, or entries
		// that are gone.
		w.total = number{}
	}
	switch complete := w.total.set && w.total.value == len(w.seen); {
	case w.pages > maxPages:
		return nil, fmt.Errorf("%s: the listing did not end after %d pages: %w", w.op, maxPages, ErrUnexpectedAnswer)
	case complete && (w.pages > 1 || !p.full() || len(p.entries) == 0):
		w.done = true
	case len(p.entries) == 0 && w.total.set:
		w.done = true
		w.move("it ended after %d of %d entries", len(w.seen), w.total.value)
	case len(p.entries) == 0:
		w.done = true
	case len(news) == 0:
		// A service without paging answers the same whole list again.
		w.done = true
		if w.proven || w.pages > 2 {
			w.move("page %d shows nothing but entries of the pages before it; the service may not know the parameter page", w.pages)
		}
	}
	return news, nil
}

func (w *listingWalk[T]) move(format string, args ...any) {
	if w.moved == nil {
		w.moved = fmt.Errorf("%s: %s: %w: %w", w.op, fmt.Sprintf(format, args...), errListingMoved, ErrUnexpectedAnswer)
	}
}

// full reports whether a page holds as many entries as one can.
func (p page[T]) full() bool {
	limit := pageSize
	if p.limit.set && p.limit.value > 0 {
		limit = min(limit, p.limit.value)
	}
	return len(p.entries) >= limit
}

// checkFirstPage asks once for a page 0 of a listing that tells no total: a
// service that counts pages from 0 would hide its first page, and nothing else
// would show that.
func checkFirstPage[T any](ctx context.Context, c *Client, listing call, walk *listingWalk[T]) error {
	_, err := c.fromOne.Get(ctx, string(listing.op), func(ctx context.Context) (bool, error) {
		listing.once = true
		p, err := fetchPage[T](ctx, c, listing, 0)
		if _, answered := errors.AsType[*APIError](err); answered {
			return true, nil
		}
		known := len(p.entries) == 0 || slices.ContainsFunc(p.entries, func(entry T) bool { return walk.seen[walk.id(entry)] })
		if err == nil && !known {
			walk.move("page 0 shows entries that no page from 1 on shows, so the service counts pages from 0")
			err = walk.moved
		}
		return true, err
	})
	return err //nolint:wrapcheck // it says what it listed.
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
	query := maps.Clone(listing.query)
	if query == nil {
		query = map[string]string{}
	}
	query["page"], query["limit"] = strconv.Itoa(n), strconv.Itoa(pageSize)
	listing.query = query
	env, err := c.do(ctx, listing)
	if err != nil {
		return page[T]{}, notGone(err, len(listing.params) > 0 || n > 1)
	}
	payload, total, limit, err := listPayload(env)
	if err != nil {
		return page[T]{}, env.unexpected(err.Error())
	}
	if payload == nil && listing.proven {
		return page[T]{}, env.unexpected("the answer's data is null instead of a list")
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
		return nil, total, limit, errors.New("the answer's data is no list")
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil, total, limit, errors.New("the answer's data cannot be read")
	}
	for _, member := range members {
		if trimmed := bytes.TrimSpace(member); len(trimmed) > 0 && trimmed[0] == '[' {
			if payload != nil {
				return nil, total, limit, errors.New("the answer's data holds several lists")
			}
			payload = trimmed
		}
	}
	if payload == nil {
		return nil, total, limit, errors.New("the answer's data holds no list")
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
