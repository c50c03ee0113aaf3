package connectapi

import (
	"context"
	"fmt"
	"sync"
)

// keyedLocks is a set of mutexes by key whose waits obey the context. An entry
// lives only as long as somebody holds or awaits it.
type keyedLocks struct {
	mu    sync.Mutex
	locks map[string]*keyedLock
}

type keyedLock struct {
	holders int
	slot    chan struct{}
}

func newKeyedLocks() *keyedLocks {
	return &keyedLocks{locks: map[string]*keyedLock{}}
}

func (k *keyedLocks) acquire(ctx context.Context, key string) (release func(), err error) {
	// Else a free lock would be taken or not by chance.
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k.mu.Lock()
	lock, ok := k.locks[key]
	if !ok {
		lock = &keyedLock{slot: make(chan struct{}, 1)}
		k.locks[key] = lock
	}

	lock.holders++
	k.mu.Unlock()
	leave := func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		if lock.holders--; lock.holders == 0 {
			delete(k.locks, key)
		}
	}

	select {
	case lock.slot <- struct{}{}:
		return func() {
			<-lock.slot
			leave()
		}, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// LockConnect serializes edits of one connect within this process. An edit
// reads the step's options, changes some and writes all of them back, so two
// edits side by side would undo each other. Call release when done.
func (c *Client) LockConnect(ctx context.Context, connectID string) (release func(), err error) {
	release, err = c.locks.acquire(ctx, connectID)
	if err != nil {
		return nil, fmt.Errorf("wait for another change of connect %s: %w", connectID, err)
	}
	return release, nil
}
