package connectapi

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/appypie-community/terraform-provider-appypie/internal/connectapi/dialect"
	"github.com/appypie-community/terraform-provider-appypie/internal/wire"
)

const (
	// readAge is how long a reading is believed by who only reads. It is longer
	// than a refresh of some thousand connects takes and shorter than people wait
	// before they expect a change of theirs to be seen.
	readAge = time.Minute
	// editAge is how old the reading may be that an edit builds on: whatever a
	// person changes within it, an edit of the same step can undo. Where a listing
	// takes longer, see toEdit.
	editAge = 3 * time.Second
	// settleTime is how long an older copy, or a 404, is held against what this
	// client wrote.
	settleTime = 30 * time.Second
	// proofs is how many listings are read to prove that a connect is gone while
	// other entries keep vanishing.
	proofs = 5
)

// directory answers all reads of connects. The API can only list them, so it
// keeps the last complete listing, which all readers share, and what this client
// wrote since. A reader says how new its reading must be, once, when it begins:
// it waits for the listing in progress and one more at most. So n reads cost at
// most n listings, and no more than the time they take divided by the time of one
// listing, or by the age that they demand where that is longer.
type directory struct {
	fetch func(context.Context) (connects []Connect, moved, err error)
	clock wire.Clock

	mu sync.Mutex
	// moment counts writes and listings, to tell which came first.
	moment uint64
	// last is the newest complete listing, before the one that it replaced.
	last, before *snapshot
	flight       wire.Flight[*snapshot]
	writes       map[string]*written
}

// demand is how new a reading must be: begun at or after a moment, and a time.
type demand struct {
	moment uint64
	time   time.Time
}

// snapshot is one complete listing.
type snapshot struct {
	// began and ended are moments, at is the time when it began.
	began, ended uint64
	at           time.Time
	// took is how long it was read.
	took     time.Duration
	connects map[string]*Connect
	order    []string
	// named are the ids by name: a plan asks for the namesakes of each new connect.
	named map[string][]string
	// moved is why it may leave something out; what it shows is there.
	moved error
}

func (s *snapshot) meets(d demand) bool {
	return s != nil && s.began >= d.moment && !s.at.Before(d.time)
}

// written is what this client knows of a connect from its own writes.
type written struct {
	// moment and at are those of the last write.
	moment uint64
	at     time.Time
	// made is when this client made the connect, zero for others.
	made time.Time
	// connect is what the answer showed, nil when that is not certain.
	connect *Connect
	deleted bool
}

func newDirectory(fetch func(context.Context) ([]Connect, error, error), clock wire.Clock) *directory {
	return &directory{fetch: fetch, clock: clock, writes: map[string]*written{}}
}

// within demands a reading that began at most so long ago.
func (d *directory) within(age time.Duration) demand { return demand{time: d.clock.Now().Add(-age)} }

// toEdit demands the reading that an edit builds on. The listing of a large account
// is older than editAge when it ends, so that every few edits would wait for one of
// their own: half of the time may go into listings, and no more.
func (d *directory) toEdit() demand {
	d.mu.Lock()
	age := editAge
	if d.last != nil {
		age = min(max(age, 2*d.last.took), readAge)
	}
	d.mu.Unlock()
	return d.within(age)
}

// now demands a reading that begins from now on.
func (d *directory) now() demand {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.moment++
	return demand{moment: d.moment}
}

// sinceWrite demands what is known since this client's last write of a connect:
// its answer, where that showed what was written, else a listing after it.
func (d *directory) sinceWrite(id string) demand {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.writes[id]; w != nil {
		return demand{moment: w.moment}
	}
	return demand{}
}

// get returns a connect in a reading that meets a demand. Its error is
// ErrNotFound when its absence is proven.
func (d *directory) get(ctx context.Context, id string, since demand) (*Connect, error) {
	s, err := d.listing(ctx, d.afterDoubt(id, since))
	for range proofs {
		if err != nil {
			return nil, err
		}
		if connect := d.view(s, id); connect != nil {
			return connect, nil
		}
		// An entry can move to a page that was read already when another one is
		// removed meanwhile, so one listing without it proves nothing.
		if d.proven(s, id, since) {
			return nil, gone(id, nil)
		}
		s, err = d.listing(ctx, demand{moment: s.ended + 1})
	}
	if err == nil && s.moved != nil {
		err = s.moved
	}
	if err != nil {
		return nil, fmt.Errorf("it is not certain whether connect %s exists: %w", id, err)
	}
	return nil, fmt.Errorf("%s: entries vanished in each of %d listings, so it is not certain whether connect %s exists; run Terraform again: %w",
		dialect.ListConnects, proofs, id, ErrUnexpectedAnswer)
}

// find returns a connect if one listing that meets a demand shows it. nil proves
// nothing: it is for who asks the service itself next.
func (d *directory) find(ctx context.Context, id string, since demand) (*Connect, error) {
	if connect, known := d.known(id, since); known {
		return connect, nil
	}
	s, err := d.listing(ctx, d.afterDoubt(id, since))
	if err != nil {
		return nil, err
	}
	return d.view(s, id), nil
}

func gone(id string, connect *Connect) error {
	if connect != nil {
		return nil
	}
	return fmt.Errorf("connect %s: %w", id, ErrNotFound)
}

// known returns what this client wrote, when that meets a demand; nil for what
// it deleted.
func (d *directory) known(id string, since demand) (*Connect, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.writes[id]
	if w == nil || w.moment < since.moment || w.at.Before(since.time) || w.connect == nil && !w.deleted {
		return nil, false
	}
	return w.connect, true
}

// afterDoubt raises a demand above a write whose outcome is not certain.
func (d *directory) afterDoubt(id string, since demand) demand {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.writes[id]; w != nil && w.connect == nil && !w.deleted {
		since.moment = max(since.moment, w.moment+1)
	}
	return since
}

// view is a connect as a listing shows it, or as this client wrote it where the
// listing began before that, or shows an older copy. The times are RFC 3339 in
// one form, so their order is that of their text.
func (d *directory) view(s *snapshot, id string) *Connect {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.viewLocked(s, id)
}

func (d *directory) viewLocked(s *snapshot, id string) *Connect {
	listed, w := s.connects[id], d.writes[id]
	if w == nil || w.connect == nil && !w.deleted {
		return listed
	}
	settling := d.clock.Now().Sub(w.at) < settleTime
	switch {
	case s.began <= w.moment, w.deleted && settling:
		return w.connect
	case listed == nil && settling && !w.made.IsZero():
		return w.connect
	case listed != nil && settling && listed.UpdatedAt < w.connect.UpdatedAt:
		return w.connect
	default:
		return listed
	}
}

// list returns all connects of a listing that meets a demand, in its order, and
// why it may leave something out.
func (d *directory) list(ctx context.Context, since demand) (connects []Connect, moved, err error) {
	return d.listed(ctx, since, func(s *snapshot) []string { return s.order }, func(*Connect) bool { return true })
}

// listNamed is list for the connects of one name.
func (d *directory) listNamed(ctx context.Context, since demand, name string) (connects []Connect, moved, err error) {
	return d.listed(ctx, since, func(s *snapshot) []string { return s.named[name] }, func(connect *Connect) bool { return connect.Name == name })
}

// listed views the wanted connects: those that a listing shows, by its index, and
// those that this client wrote.
func (d *directory) listed(ctx context.Context, since demand, index func(*snapshot) []string, wanted func(*Connect) bool) (connects []Connect, moved, err error) {
	s, err := d.listing(ctx, d.afterAllDoubts(since))
	if err != nil {
		return nil, nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	shown := index(s)
	found := make([]Connect, 0, len(shown))
	add := func(id string) {
		if connect := d.viewLocked(s, id); connect != nil && wanted(connect) {
			found = append(found, *connect)
		}
	}
	for _, id := range shown {
		add(id)
	}
	for id, w := range d.writes {
		listed := s.connects[id]
		if w.connect != nil && wanted(w.connect) && (listed == nil || !wanted(listed)) {
			add(id)
		}
	}
	return found, s.moved, nil
}

func (d *directory) afterAllDoubts(since demand) demand {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.writes {
		if w.connect == nil && !w.deleted {
			since.moment = max(since.moment, w.moment+1)
		}
	}
	return since
}

// listing returns a complete listing that meets a demand, and reads one when
// there is none. Readers share it. An error is not kept.
func (d *directory) listing(ctx context.Context, since demand) (*snapshot, error) {
	for {
		d.mu.Lock()
		last := d.last
		d.mu.Unlock()
		if last.meets(since) {
			return last, nil
		}
		s, err := d.flight.Do(ctx, d.readListing)
		if err != nil && (s == nil || ctx.Err() != nil) || s.meets(since) {
			return s, err
		}
	}
}

func (d *directory) readListing(ctx context.Context) (*snapshot, error) {
	d.mu.Lock()
	d.moment++
	s := &snapshot{began: d.moment, at: d.clock.Now()}
	d.mu.Unlock()
	all, moved, err := d.fetch(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.moment++
	s.ended, s.moved, s.took = d.moment, moved, d.clock.Now().Sub(s.at)
	if err != nil {
		return s, err
	}
	s.connects, s.order, s.named = make(map[string]*Connect, len(all)), make([]string, len(all)), make(map[string][]string, len(all))
	for i := range all {
		s.order[i], s.connects[all[i].ID] = all[i].ID, &all[i]
		s.named[all[i].Name] = append(s.named[all[i].Name], all[i].ID)
	}
	d.before, d.last = d.last, s
	return s, nil
}

// proven reports whether the listing before this one shows that a connect is
// gone: it met the demand, did not show it, and cannot have passed over an entry,
// because all that it showed was still there when this one was read, or was
// deleted by this client after it ended.
func (d *directory) proven(s *snapshot, id string, since demand) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	older := d.before
	if d.last != s || !older.meets(since) || older.moved != nil || s.moved != nil || older.ended > s.began || older.connects[id] != nil {
		return false
	}
	for _, shown := range older.order {
		if s.connects[shown] != nil {
			continue
		}
		if w := d.writes[shown]; w == nil || !w.deleted || w.moment <= older.ended {
			return false
		}
	}
	return true
}

// wrote takes over what a write answered; nil means that the answer did not
// show what was written, or that the outcome of the write is unknown.
func (d *directory) wrote(id string, answered *Connect) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.note(id)
	w.connect, w.deleted = answered, false
}

// showed takes over what a reading of one connect showed that began at a moment.
func (d *directory) showed(id string, began uint64, at time.Time, connect *Connect) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.writes[id]
	if w == nil {
		w = &written{}
		d.writes[id] = w
	}
	if w.moment <= began && !w.deleted {
		w.moment, w.at, w.connect = began, at, connect
	}
}

// made remembers that this client made a connect; answered is as for wrote.
func (d *directory) made(id string, answered *Connect) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.note(id)
	w.connect, w.made = answered, w.at
}

// expect notes when an earlier run made a connect.
func (d *directory) expect(id string, made time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes[id] == nil {
		d.writes[id] = &written{made: made}
	}
}

// removed remembers that this client deleted a connect.
func (d *directory) removed(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.note(id)
	w.connect, w.deleted, w.made = nil, true, time.Time{}
}

func (d *directory) note(id string) *written {
	w := d.writes[id]
	if w == nil {
		w = &written{}
		d.writes[id] = w
	}
	d.moment++
	w.moment, w.at = d.moment, d.clock.Now()
	return w
}

// isOurs reports whether this client made a connect.
func (d *directory) isOurs(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes[id] != nil && !d.writes[id].made.IsZero()
}

// fresh reports whether this client made a connect so lately that the service may
// not know it everywhere yet.
func (d *directory) fresh(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.writes[id]
	return w != nil && !w.made.IsZero() && d.clock.Now().Sub(w.made) < settleTime
}

// updatedAt is when the service last changed a connect, as far as it says. It is
// not certain after a write whose answer did not show the connect.
func (d *directory) updatedAt(id string) (at string, certain bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if w := d.writes[id]; w != nil {
		if w.connect == nil {
			return "", false
		}
		return w.connect.UpdatedAt, true
	}
	if d.last != nil && d.last.connects[id] != nil {
		return d.last.connects[id].UpdatedAt, true
	}
	return "", true
}
