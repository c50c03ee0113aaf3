package connectapi

import (
	"context"
	"fmt"
)

// read makes sure that a page was requested after a tick. Readers of the same
// page share one request.
func (d *directory) read(ctx context.Context, n int, after uint64) error {
	for {
		d.mu.Lock()

		flight := d.flights[n]
		if flight == nil {
			d.tick++
			flight = &pageFlight{began: d.tick, done: make(chan struct{})}
			d.flights[n] = flight

			// The request must not end with the reader that happened to be first.
			go d.fly(context.WithoutCancel(ctx), n, flight, d.walk)
		}

		d.mu.Unlock()

		select {
		case <-flight.done:
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // the caller knows what it asked for.
		}

		if flight.err != nil || flight.began >= after {
			return flight.err
		}
	}
}

// fly requests a page and merges it. walk is the listing that the page was
// asked for; when it was restarted meanwhile, the entries still count, but not
// as part of the new listing.
func (d *directory) fly(ctx context.Context, n int, flight *pageFlight, walk *listingWalk[wireConnect]) {
	p, err := d.fetch(ctx, n)

	d.mu.Lock()
	defer d.mu.Unlock()
	defer close(flight.done)

	delete(d.flights, n)

	if err == nil {
		err = d.merge(p.entries, n, flight.began)
	}

	// A page that was read for its own sake is no part of a listing that has
	// come to its end.
	if err == nil && walk == d.walk && !d.complete && n == walk.pages+1 {
		d.complete, err = walk.take(p)
	}

	// Errors are not kept: the next reader starts a listing of its own.
	if err != nil {
		d.restart()
	}

	flight.err = err
}

// merge takes over what a page shows, unless a write of ours is newer.
func (d *directory) merge(wires []wireConnect, n int, began uint64) error {
	for _, wire := range wires {
		connect, err := wire.public()
		if err != nil {
			return fmt.Errorf("%s: %w: %w", ListConnects, err, ErrUnexpectedAnswer)
		}

		entry := d.entries[connect.ID]
		if entry == nil {
			entry = &directoryEntry{since: began}
			d.entries[connect.ID] = entry
		}

		if entry.page == 0 && entry.written > 0 {
			d.newest = n
		}

		entry.page = n

		if began < entry.written {
			continue
		}

		if d.older(connect, entry) {
			entry.insisted, entry.insistedAt = &connect, began

			continue
		}

		entry.connect, entry.listed, entry.at = connect, began, d.now()
		entry.deleted, entry.doubtful = false, false
	}

	return nil
}

// older tells whether a listing shows a connect as it was before our write.
// The times are RFC 3339 in one form, so their order is that of their text.
func (d *directory) older(shown Connect, entry *directoryEntry) bool {
	if entry.written == 0 || d.now().Sub(entry.writtenAt) > settleTime {
		return false
	}

	return entry.deleted || !entry.doubtful && shown.UpdatedAt < entry.connect.UpdatedAt
}
