package main

import (
	"runtime"
	"testing"

	"github.com/appypie-community/terraform-provider-appypie/internal/provider"
)

// TestHeldMemory refreshes accounts of three sizes in one provider process each.
// What the provider still holds afterwards grows by the same for each connect.
//
//nolint:paralleltest // it looks at the heap, which tests share.
func TestHeldMemory(t *testing.T) {
	const (
		size = 120
		// tolerance is how much one slope may exceed the other: maps grow in jumps.
		tolerance = 1.5
	)
	// What is made once a process, such as the compiled dialect, counts for none.
	heldAfterRefresh(t, 1)
	small, middle, large := heldAfterRefresh(t, size), heldAfterRefresh(t, 2*size), heldAfterRefresh(t, 4*size)
	first, second := float64(middle-small)/size, float64(large-middle)/(2*size)
	t.Logf("after %d, %d and %d connects %d, %d and %d bytes are held: %.0f, then %.0f for each further connect",
		size, 2*size, 4*size, small, middle, large, first, second)
	if first <= 0 || second > tolerance*first {
		t.Errorf("the memory that is held does not grow linearly")
	}
}

// heldAfterRefresh reads all connects of an account and returns by how much the
// heap has grown.
func heldAfterRefresh(t *testing.T, size int) int64 {
	t.Helper()
	account := newAccount(t, size)
	before := liveHeap()
	server := account.configure(t, provider.New("bench")())
	for _, one := range account.samples {
		server.read(t, one)
	}
	grown := liveHeap() - before
	// Without this the provider itself could be collected before it is measured.
	runtime.KeepAlive(server)
	return grown
}

func liveHeap() int64 {
	// What a finalizer lets go is free after the second collection.
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc) //nolint:gosec // far below the limit.
}
