package connectapi

import (
	"context"
	"sync"

	"golang.org/x/sync/singleflight"
)

// memo fetches a value once per key and keeps it for the life of the client,
// which is one phase of one Terraform run. Errors are not kept.
type memo[V any] struct {
	group  singleflight.Group
	values sync.Map
}

func (m *memo[V]) get(ctx context.Context, key string, fetch func(context.Context) (V, error)) (V, error) {
	if kept, ok := m.values.Load(key); ok {
		if value, ok := kept.(V); ok {
			return value, nil
		}
	}

	// The fetch must not end with the caller that happened to start it.
	result := m.group.DoChan(key, func() (any, error) {
		value, err := fetch(context.WithoutCancel(ctx))
		if err == nil {
			m.values.Store(key, value)
		}

		return value, err
	})

	select {
	case <-ctx.Done():
		var none V

		return none, ctx.Err() //nolint:wrapcheck // the caller knows what it asked for.
	case r := <-result:
		value, _ := r.Val.(V)

		return value, r.Err //nolint:wrapcheck // the error passes through untouched.
	}
}
