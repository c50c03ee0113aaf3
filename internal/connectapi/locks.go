package connectapi

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// keyedLocks is a set of mutexes by key whose waits obey the context, first come
// first served. An entry lives only as long as somebody holds the lock.
//
// The holder of a lock may hand it on together with a pause of the connect, see
// pause.
type keyedLocks struct {
	mu      sync.Mutex
	waiting map[string][]*waiter
}

// waiter waits for a lock.
type waiter struct {
	// joins means that it takes over a pause with the lock.
	joins bool
	// turn receives the pause that comes with the lock, nil for none. One that has
	// ended already left the connect off.
	turn chan *pause
}

// keyedLock is a lock that is held, until it is released or handed on.
type keyedLock struct {
	locks *keyedLocks
	key   string
	held  bool
	// pause is what the holder answers for, nil as long as it shares none.
	pause *pause
	// leftOff is why the connect is off for those that come next, nil when it is not.
	leftOff error
	self    *waiter
}

func newKeyedLocks() *keyedLocks {
	return &keyedLocks{waiting: map[string][]*waiter{}}
}

// acquire waits for a lock that no pause comes with.
func (k *keyedLocks) acquire(ctx context.Context, key string) (release func(), err error) {
	lock, err := k.enter(ctx, key, false)
	if err != nil {
		return nil, err
	}
	return lock.release, nil
}

// enter waits for a lock. joins says that a pause may come with it, also when the
// context has just ended: whoever has the lock answers for the pause.
func (k *keyedLocks) enter(ctx context.Context, key string, joins bool) (*keyedLock, error) {
	// Else a free lock would be taken or not by chance.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lock := &keyedLock{locks: k, key: key, self: &waiter{joins: joins, turn: make(chan *pause, 1)}}
	k.mu.Lock()
	queue, taken := k.waiting[key]
	k.waiting[key] = queue
	if taken {
		k.waiting[key] = append(queue, lock.self)
	} else {
		lock.self.turn <- nil
	}
	k.mu.Unlock()
	select {
	case given := <-lock.self.turn:
		lock.take(given)
	case <-ctx.Done():
		if k.leave(key, lock.self) {
			return nil, ctx.Err()
		}
		// It was its turn at the same moment.
		lock.take(<-lock.self.turn)
	}
	return lock, nil
}

// take receives the lock with what comes with it.
func (l *keyedLock) take(given *pause) {
	l.held = true
	if given != nil && given.end.err != nil {
		l.leftOff = given.end.err
		return
	}
	l.pause = given
}

// leave takes one out of the queue that no longer waits. It reports whether it was
// still there.
func (k *keyedLocks) leave(key string, w *waiter) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	i := slices.Index(k.waiting[key], w)
	if i >= 0 {
		k.waiting[key] = slices.Delete(k.waiting[key], i, i+1)
	}
	return i >= 0
}

// release lets the next one in. Of a lock that was handed on it does nothing.
func (l *keyedLock) release() {
	l.locks.mu.Lock()
	defer l.locks.mu.Unlock()
	if !l.held {
		return
	}
	l.held = false
	next := l.next(func(*waiter) bool { return true })
	switch {
	case next != nil && next.joins && l.leftOff != nil:
		next.turn <- &pause{end: pauseEnd{err: l.leftOff}}
		return
	case next != nil:
		next.turn <- nil
		return
	}
	delete(l.locks.waiting, l.key)
}

// next takes the first fitting one out of the queue. The caller holds the mutex.
func (l *keyedLock) next(fits func(*waiter) bool) *waiter {
	queue := l.locks.waiting[l.key]
	i := slices.IndexFunc(queue, fits)
	if i < 0 {
		return nil
	}
	next := queue[i]
	l.locks.waiting[l.key] = slices.Delete(queue, i, i+1)
	return next
}

// lockConnect serializes edits of one connect within this process. An edit
// reads the step's options, changes some and writes all of them back, so two
// edits side by side would undo each other. Call release when done.
func (c *Client) lockConnect(ctx context.Context, connectID string) (release func(), err error) {
	release, err = c.locks.acquire(ctx, connectID)
	if err != nil {
		return nil, waitError(connectID, err)
	}
	return release, nil
}

func waitError(connectID string, err error) error {
	return fmt.Errorf("wait for another change of connect %s: %w", connectID, err)
}
