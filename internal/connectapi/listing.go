package connectapi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
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

// listAll reads a listing to its end. One that moves is begun again, and then an
// error, never a short list; so is one with an entry that cannot be read. The
// number of requests is at most listingTries times that of the pages and two.
func listAll[T any](ctx context.Context, c *Client, listing call) ([]T, error) {
	for try := 1; ; try++ {
		entries, moved, err := readOnce[T](ctx, c, listing)
		if err != nil {
			return nil, err
		}
		if moved == nil {
			return valuesOf(entries)
		}
		if try == listingTries {
			return nil, moved
		}
		if err := wire.Sleep(ctx, c.clock, c.settle[min(try, len(c.settle))-1]); err != nil {
			return nil, err
		}
	}
}

func valuesOf[T any](entries []dialect.Entry[T]) ([]T, error) {
	values := make([]T, len(entries))
	for i, entry := range entries {
		if entry.Err != nil {
			return nil, fmt.Errorf("%w: %w", entry.Err, ErrUnexpectedAnswer)
		}
		values[i] = entry.Value
	}
	return values, nil
}

// readOnce reads a listing once. moved is why it cannot be complete: what it shows
// is there, and what it does not show may be, too.
func readOnce[T any](ctx context.Context, c *Client, listing call) (all []dialect.Entry[T], moved, err error) {
	for entries, err := range pages[T](ctx, c, listing) {
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
func pages[T any](ctx context.Context, c *Client, listing call) iter.Seq2[[]dialect.Entry[T], error] {
	return func(yield func([]dialect.Entry[T], error) bool) {
		walk := &listingWalk{op: listing.op, paging: c.dialect.Paging(listing.op), proven: listing.proven, seen: map[string]bool{}}
		for !walk.done {
			p, err := fetchPage[T](ctx, c, listing, walk)
			if walk.pages > 0 && IsNotFound(err) {
				// Some services have no page past the end.
				p, err = dialect.Page[T]{}, nil
			}
			var news []dialect.Entry[T]
			if err == nil {
				news, err = take(walk, p)
			}
			if err == nil && walk.done && walk.moved == nil && walk.total == nil && walk.paging == "page" && listing.proven {
				err = checkFirstPage[T](ctx, c, listing, walk)
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
type listingWalk struct {
	op dialect.Operation
	// paging is the argument that leads from page to page.
	paging string
	// proven: see call.
	proven bool
	seen   map[string]bool
	total  *int
	// pages and entries were read, cursor is what the last page called next.
	pages, entries int
	cursor         string
	done           bool
	// moved is why the listing cannot be complete.
	moved error
}

// take counts the next page and returns its entries that are new. Entries that
// come again have moved from one page to the next, which loses nothing.
func take[T any](w *listingWalk, p dialect.Page[T]) ([]dialect.Entry[T], error) {
	var news []dialect.Entry[T]
	for _, entry := range p.Entries {
		if !w.seen[entry.ID] {
			w.seen[entry.ID] = true
			news = append(news, entry)
		}
	}
	w.pages++
	w.entries += len(p.Entries)
	w.count(p.Total)
	if w.pages > maxPages {
		return nil, fmt.Errorf("%s: the listing did not end after %d pages: %w", w.op, maxPages, ErrUnexpectedAnswer)
	}
	full := len(p.Entries) >= pageSize || p.Limit != nil && *p.Limit > 0 && len(p.Entries) >= *p.Limit
	switch w.paging {
	case "":
		w.end()
	case "cursor":
		w.follow(p.Next, len(p.Entries), len(news), full)
	default:
		w.turn(len(p.Entries), len(news), full)
	}
	return news, nil
}

// count takes over what a page says is the number of all entries.
func (w *listingWalk) count(total *int) {
	if total != nil && w.total != nil && *total < *w.total {
		w.move("it says that it has %d entries and said more before", *total)
	}
	w.total = total
	if total != nil && *total < len(w.seen) {
		// It counts something else, such as the entries of one page, or entries
		// that are gone.
		w.total = nil
	}
}

// follow decides about a listing whose pages name the next one.
func (w *listingWalk) follow(next string, entries, news int, full bool) {
	before := w.cursor
	w.cursor = next
	switch {
	case next == "":
		if full && w.total == nil && w.proven && w.pages == 1 {
			w.move("its first page is full and names no next one")
		}
		w.end()
	case next == before:
		w.move("page %d names itself as the next one", w.pages)
		w.done = true
	case entries > 0 && news == 0:
		w.move("page %d shows nothing but entries of the pages before it", w.pages)
		w.done = true
	}
}

// turn decides about a listing whose pages have numbers.
func (w *listingWalk) turn(entries, news int, full bool) {
	switch complete := w.total != nil && *w.total == len(w.seen); {
	case complete && (w.pages > 1 || !full || entries == 0):
		w.done = true
	case entries == 0:
		w.end()
	case news == 0:
		// A service without paging answers the same whole list again.
		w.done = true
		if w.proven || w.pages > 2 {
			w.move("page %d shows nothing but entries of the pages before it; the service may not know the parameter %s", w.pages, w.paging)
		}
	}
}

// end is the end of a listing that does not depend on its total.
func (w *listingWalk) end() {
	w.done = true
	if w.total != nil && len(w.seen) < *w.total {
		w.move("it ended after %d of %d entries", len(w.seen), *w.total)
	}
}

func (w *listingWalk) move(format string, args ...any) {
	if w.moved == nil {
		w.moved = fmt.Errorf("%s: %s: %w: %w", w.op, fmt.Sprintf(format, args...), errListingMoved, ErrUnexpectedAnswer)
	}
}

// checkFirstPage asks once for a page 0 of a listing that tells no total: a
// service that counts pages from 0 would hide its first page, and nothing else
// would show that.
func checkFirstPage[T any](ctx context.Context, c *Client, listing call, walk *listingWalk) error {
	_, err := c.fromOne.Get(ctx, string(listing.op), func(ctx context.Context) (bool, error) {
		listing.once = true
		p, err := fetchPage[T](ctx, c, listing, &listingWalk{pages: -1})
		if _, answered := errors.AsType[*APIError](err); answered {
			return true, nil
		}
		known := len(p.Entries) == 0 || slices.ContainsFunc(p.Entries, func(entry dialect.Entry[T]) bool { return walk.seen[entry.ID] })
		if err == nil && !known {
			walk.move("page 0 shows entries that no page from 1 on shows, so the service counts pages from 0")
			err = walk.moved
		}
		return true, err
	})
	return err
}

func fetchPage[T any](ctx context.Context, c *Client, listing call, w *listingWalk) (dialect.Page[T], error) {
	args := map[string]any{}
	maps.Copy(args, listing.args)
	args["page"], args["limit"], args["offset"] = w.pages+1, pageSize, w.entries
	if w.cursor != "" {
		args["cursor"] = w.cursor
	}
	ofSomething := len(listing.args) > 0 || w.pages > 0
	listing.args = args
	r, err := c.do(ctx, listing)
	if apiErr, ok := errors.AsType[*APIError](err); ok && !ofSomething && IsNotFound(apiErr) {
		// A listing of everything that is not found says nothing of an object.
		apiErr.Kind = ErrUnexpectedAnswer
	}
	if err != nil {
		return dialect.Page[T]{}, err
	}
	p, err := dialect.List[T](c.dialect, listing.op, r.body)
	if err != nil {
		return p, c.misread(r, err)
	}
	return p, nil
}
