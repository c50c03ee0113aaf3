package simulator

import "sync"

// bell wakes everyone who watches the service. It costs nothing while nobody
// does. Its zero value is ready.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // closed by the next ring; nil while nobody listens
}

// listen returns a channel that the next ring closes.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}
