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
	newest   int
	flights  map[int]*pageFlight
	credence credence
}

type directoryEntry struct {
	// connect must not be modified: readers share its maps.
	connect Connect
	// page is where a listing showed the connect; 0 for nowhere yet.
	page int
	// since is the tick of the page request or write that told of it first.
	since uint64
	// at is when the connect was last shown or written.
	at time.Time
	// listed is the tick of the page request that showed it, written that of
	// our last write, 0 for none.
	listed, written uint64
	writtenAt       time.Time
	// writer is the operation of our last write.
	writer OperationName
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

		credence: credence{},
	}
	d.restart()

	return d
}

// get returns a connect as it was known at most maxAge ago. One that was seen
// before is read again from its page. Else pages are read until one holds it. A
// complete listing without it is read once more before it is believed, because
// entries move between pages when another connect is deleted meanwhile.
func (d *directory) get(ctx context.Context, id string, maxAge time.Duration) (*Connect, error) {
	for looked, sought := 0, false; ; {
		d.mu.Lock()

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
		case entry != nil && !entry.deleted && !sought:
			sought = true
			after := max(entry.listed, entry.written) + 1
			d.mu.Unlock()

			if _, err := d.seek(ctx, id, after); err != nil {
				return nil, err
			}

			continue
		}

		d.expire(maxAge)

		if d.complete {
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

// seek reads the page that showed the connect last, or would show a new one. It
// returns the connect if a page requested after a tick shows it, else nil.
func (d *directory) seek(ctx context.Context, id string, after uint64) (*Connect, error) {
	d.mu.Lock()

	hint := d.newest
	if hint == 0 && d.complete {
		hint = max(d.walk.pages, 1)
	}

	if entry := d.entries[id]; entry != nil && entry.page > 0 {
		hint = entry.page
	}

	d.mu.Unlock()

	// A new connect may have opened the next page.
	for n := hint; n > 0 && n <= hint+1; n++ {
		if err := d.read(ctx, n, after); err != nil {
			return nil, err
		}

		if shown := d.shown(id, after); shown != nil {
			return shown, nil
		}
	}

	return nil, nil //nolint:nilnil // not shown is an answer of its own.
}

// list returns all connects of a listing begun after a tick; 0 takes the
// present one. What is doubtful now is read again.
func (d *directory) list(ctx context.Context, after uint64) ([]Connect, error) {
	d.mu.Lock()

	for _, entry := range d.entries {
		if entry.doubtful {
			after = max(after, entry.written)
		}
	}

	d.mu.Unlock()

	if _, err := d.survey(ctx, after); err != nil {
		return nil, err
	}

	d.mu.Lock()
	defer d.mu.Unlock()

	all := make([]Connect, 0, len(d.entries))

	for _, entry := range d.entries {
		if !entry.deleted && (entry.listed > d.began || entry.written > d.began) {
			all = append(all, entry.connect)
		}
	}

	return all, nil
}

// survey reads a listing begun after a tick to its end; 0 takes the present
// one. It returns the tick of the end: what is known then is no news later.
func (d *directory) survey(ctx context.Context, after uint64) (uint64, error) {
	d.mu.Lock()
	d.expire(directoryAge)

	if d.began < after {
		d.restart()
	}

	d.mu.Unlock()

	for {
		d.mu.Lock()
		n, complete, tick := d.walk.pages+1, d.complete, d.tick
		d.mu.Unlock()

		if complete {
			return tick, nil
		}

		if err := d.read(ctx, n, after); err != nil {
			return 0, err
		}
	}
}

// isNews tells whether nothing was known of a connect at a tick.
func (d *directory) isNews(id string, tick uint64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()

	entry := d.entries[id]

	return entry == nil || entry.since > tick
}

// updatedAt is when the service last changed a connect, as far as is known; empty
// when it does not say.
func (d *directory) updatedAt(id string) string {
	d.mu.Lock()
	defer d.mu.Unlock()

	if entry := d.entries[id]; entry != nil {
		return entry.connect.UpdatedAt
	}

	return ""
}

// moment is the present tick: what is requested later is newer.
func (d *directory) moment() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.tick++

	return d.tick
}

func notListed(id string) error { return fmt.Errorf("connect %s: %w", id, ErrNotFound) }

// wrote takes over what a write answered; nil means that the answer did not
// hold the connect, or that the outcome of the write is unknown.
func (d *directory) wrote(id string, by OperationName, answered *Connect) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.tick++

	entry := d.entries[id]
	if entry == nil {
		entry = &directoryEntry{since: d.tick}
		d.entries[id] = entry
	}

	entry.written, entry.writtenAt, entry.at, entry.writer = d.tick, d.now(), d.now(), by

	if entry.doubtful = answered == nil; !entry.doubtful {
		entry.connect, entry.deleted, entry.insisted = *answered, false, nil
	}
}

// removed remembers that a connect was deleted.
func (d *directory) removed(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()

	d.tick++
	d.entries[id] = &directoryEntry{deleted: true, since: d.tick, written: d.tick, writtenAt: d.now(), at: d.now()}
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
