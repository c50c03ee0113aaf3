package connectapi

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// The API has no operation to read one connect: it can only list them all. So
// all reads of a run share one listing, the directory, which is read page by
// page only as far as somebody asks.
//
// What was written is known better than what a listing says that began before
// the write, or that a service with replicas answers from an older copy. Each
// entry therefore remembers when it was written, and a listing never turns it
// back. An entry whose write failed in doubt is forgotten and read again.

const (
	// directoryAge is how long a listing is believed. It is longer than a
	// refresh of some thousand connects takes and shorter than people wait
	// before they expect a change of theirs to be seen.
	directoryAge = time.Minute
	// settleTime is how long an older copy is held against a write of ours.
	settleTime = 30 * time.Second
	// editAge is how old the reading may be that an edit builds on: whatever a
	// person changes within it, an edit of the same step undoes.
	editAge = 3 * time.Second
)

// settleWaits are the pauses between looks at a listing that does not show a
// write yet.
func settleWaits() []time.Duration {
	return []time.Duration{150 * time.Millisecond, 400 * time.Millisecond, time.Second, 2 * time.Second}
}

type directory struct {
	fetch func(ctx context.Context, n int) (page[wireConnect], error)
	now   func() time.Time
	waits []time.Duration

	mu      sync.Mutex
	entries map[string]*directoryEntry
	// tick counts writes and page requests, to tell which came first.
	tick uint64
	// walk is the listing in progress, or read to its end when complete. It
	// began at the tick began, at the time begunAt.
	walk     *listingWalk[wireConnect]
	complete bool
	began    uint64
	begunAt  time.Time
	// newest is the page that showed the last new connect.
	newest  int
	flights map[int]*pageFlight
}

type directoryEntry struct {
	// connect must not be modified: readers share its maps.
	connect Connect
	// page is where a listing showed the connect; 0 for nowhere yet.
	page int
	// at is when the connect was last shown or written.
	at time.Time
	// listed is the tick of the page request that showed it, written that of
	// our last write, 0 for none.
	listed, written uint64
	writtenAt       time.Time
	// insisted is the older copy that a listing showed at the tick insistedAt,
	// after our write.
	insisted   *Connect
	insistedAt uint64
	// deleted by us, or doubtful since a write whose outcome is unknown.
	deleted, doubtful bool
}

// pageFlight is a page request that several readers wait for.
type pageFlight struct {
	began uint64
	done  chan struct{}
	err   error
}

func newDirectory(c *Client, waits []time.Duration) *directory {
	if waits == nil {
		waits = settleWaits()
	}

	d := &directory{
		fetch: func(ctx context.Context, n int) (page[wireConnect], error) {
			return fetchPage[wireConnect](ctx, c, call{op: ListConnects}, n)
		},
		now:     time.Now,
		waits:   waits,
		entries: map[string]*directoryEntry{},
		flights: map[int]*pageFlight{},
	}
	d.restart()

	return d
}

// get returns a connect as it was known at most maxAge ago, reading pages until
// one holds it. A complete listing without it is read once more before it is
// believed, because entries move between pages when another connect is deleted
// meanwhile.
func (d *directory) get(ctx context.Context, id string, maxAge time.Duration) (*Connect, error) {
	for looked := 0; ; {
		d.mu.Lock()
		d.expire(maxAge)

		entry := d.entries[id]
		known := entry != nil && !entry.doubtful && d.now().Sub(entry.at) <= maxAge

		switch {
		case known && entry.deleted:
			d.mu.Unlock()

			return nil, notListed(id)
		case known:
			connect := entry.connect
			d.mu.Unlock()

			return &connect, nil
		case d.complete:
			if looked++; looked == 2 {
				d.mu.Unlock()

				return nil, notListed(id)
			}

			d.restart()
		}

		n := d.walk.pages + 1
		d.mu.Unlock()

		if err := d.read(ctx, n, 0); err != nil {
			return nil, err
		}
	}
}

// list returns all connects of a listing begun after a tick; 0 takes the
// present one.
func (d *directory) list(ctx context.Context, after uint64) ([]Connect, error) {
	d.mu.Lock()
	d.expire(directoryAge)

	if d.began < after {
		d.restart()
	}

	d.mu.Unlock()

	for {
		d.mu.Lock()
		n, complete := d.walk.pages+1, d.complete

		if complete {
			all := make([]Connect, 0, len(d.entries))

			for _, entry := range d.entries {
				if !entry.deleted && (entry.listed > d.began || entry.written > d.began) {
					all = append(all, entry.connect)
				}
			}

			d.mu.Unlock()

			return all, nil
		}

		d.mu.Unlock()

		if err := d.read(ctx, n, after); err != nil {
			return nil, err
		}
	}
}

// moment is the present tick: what is requested later is newer.
func (d *directory) moment() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.tick++

	return d.tick
}

func notListed(id string) error { return fmt.Errorf("connect %s: %w", id, ErrNotFound) }

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
			entry = &directoryEntry{}
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

// wrote takes over what a write answered; nil means that the answer did not
// hold the connect, or that the outcome of the write is unknown.
func (d *directory) wrote(id string, answered *Connect) {
	d.mu.Lock()
	defer d.mu.Unlock()

	entry := d.entries[id]
	if entry == nil {
		entry = &directoryEntry{}
		d.entries[id] = entry
	}

	d.tick++
	entry.written, entry.writtenAt, entry.at = d.tick, d.now(), d.now()

	if entry.doubtful = answered == nil; entry.doubtful {
		// The listing may have passed the page that would show it.
		d.restart()

		return
	}

	entry.connect, entry.deleted, entry.insisted = *answered, false, nil
}

// removed remembers that a connect was deleted.
func (d *directory) removed(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.tick++
	d.entries[id] = &directoryEntry{deleted: true, written: d.tick, writtenAt: d.now(), at: d.now()}
}

// expire starts over when the listing is too old to be believed.
func (d *directory) expire(maxAge time.Duration) {
	if d.walk.pages > 0 && d.now().Sub(d.begunAt) > maxAge {
		d.restart()
	}
}

// restart has the next reader begin a new listing. Entries stay: they are known
// from when they were shown or written.
func (d *directory) restart() {
	d.walk = &listingWalk[wireConnect]{op: ListConnects, id: wireConnect.id}
	d.complete, d.began, d.begunAt = false, d.tick, d.now()
}
