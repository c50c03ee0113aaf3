package connectapi

import (
	"context"
	"reflect"
	"time"
)

// confirm checks a write's answer by the service's listing, unless answers of
// that operation are believed. It waits a little for a listing that does not
// show the write yet. What no listing shows in time is answered from the write.
func (d *directory) confirm(ctx context.Context, id string) (*Connect, error) {
	var (
		after    uint64
		answered *Connect
		record   = &record{}
	)

	d.mu.Lock()

	if entry := d.entries[id]; entry != nil {
		after, record = entry.written+1, d.credence.of(entry.writer)

		if connect := entry.connect; !entry.doubtful && !entry.deleted {
			answered = &connect
		}
	}

	believed := answered != nil && record.believes()
	d.mu.Unlock()

	if believed {
		return answered, nil
	}

	for i := 0; ; i++ {
		shown, err := d.look(ctx, id, after)
		if err != nil {
			return nil, err
		}

		if shown != nil {
			d.mu.Lock()
			record.checked(answered != nil && reflect.DeepEqual(*answered, *shown))
			d.mu.Unlock()

			return shown, nil
		}

		if i == len(d.waits) {
			d.yield(id, after)

			return d.get(ctx, id, directoryAge)
		}

		if err := sleep(ctx, d.waits[i]); err != nil {
			return nil, err
		}

		after = d.moment()
	}
}

// yield believes a listing that still insists on the other position of the
// switch: then the service did not do what it answered.
func (d *directory) yield(id string, after uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()

	entry := d.entries[id]
	if entry == nil || entry.insisted == nil || entry.insistedAt < after || entry.insisted.On == entry.connect.On {
		return
	}

	d.credence.of(entry.writer).checked(false)
	entry.connect, entry.insisted = *entry.insisted, nil
}

// look seeks the connect, and then reads the whole listing. It returns the
// connect if a page requested after a tick shows it as it was written, else nil.
func (d *directory) look(ctx context.Context, id string, after uint64) (*Connect, error) {
	if shown, err := d.seek(ctx, id, after); shown != nil || err != nil {
		return shown, err
	}

	if _, err := d.survey(ctx, after); err != nil {
		return nil, err
	}

	return d.shown(id, after), nil
}

// shown returns the connect if a page request begun after a tick showed it.
func (d *directory) shown(id string, after uint64) *Connect {
	d.mu.Lock()
	defer d.mu.Unlock()

	entry := d.entries[id]
	if entry == nil || entry.deleted || entry.doubtful || entry.listed == 0 || entry.listed < after {
		return nil
	}

	connect := entry.connect

	return &connect
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err() //nolint:wrapcheck // the caller knows what it waited for.
	}

	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err() //nolint:wrapcheck // the caller knows what it waited for.
	}
}
