package connectapi

import (
	"context"
	"time"
)

// confirm looks at the service's listing after a write, instead of believing
// the write's answer. It waits a little for a listing that does not show the
// write yet. What no listing shows in time is answered from the write.
func (d *directory) confirm(ctx context.Context, id string) (*Connect, error) {
	after := uint64(0)

	d.mu.Lock()
	if entry := d.entries[id]; entry != nil {
		after = entry.written + 1
	}
	d.mu.Unlock()

	for i := 0; ; i++ {
		shown, err := d.look(ctx, id, after)
		if err != nil || shown != nil {
			return shown, err
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

	entry.connect, entry.insisted = *entry.insisted, nil
}

// look reads the page that showed the connect last, or would show a new one,
// else the whole listing. It returns the connect if a page requested after a
// tick shows it as it was written, else nil.
func (d *directory) look(ctx context.Context, id string, after uint64) (*Connect, error) {
	d.mu.Lock()

	hint := d.newest
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

	if _, err := d.list(ctx, after); err != nil {
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
