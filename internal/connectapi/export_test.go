package connectapi

// Waiting is how many changes of a connect wait for another one.
func (c *Client) Waiting(connectID string) int {
	c.locks.mu.Lock()
	defer c.locks.mu.Unlock()
	return len(c.locks.waiting[connectID])
}
