package connectapi

import "context"

// Waiting is how many changes of a connect wait for another one.
func (c *Client) Waiting(connectID string) int {
	c.locks.mu.Lock()
	defer c.locks.mu.Unlock()
	return len(c.locks.waiting[connectID])
}

// LockConnect is lockConnect.
func (c *Client) LockConnect(ctx context.Context, connectID string) (release func(), err error) {
	return c.lockConnect(ctx, connectID)
}
