package plugin

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// A command lives for a second and gives everything back then, so memory need not be
// collected as early as Go does: at its own 100 percent, a fifth of the time of a small
// application went into collecting. A large one would need too much memory so, and gets
// Go's own percentage back.
const (
	smallPercent = 400
	largePercent = 100
	largeHeap    = 24 << 20 // bytes in use after a collection
)

// tuneCollector sets smallPercent until the heap is large, unless GOGC says anything.
func tuneCollector() {
	if percent := debug.SetGCPercent(smallPercent); percent != largePercent {
		debug.SetGCPercent(percent)
		return
	}
	watchHeap()
}

// watchHeap sets largePercent after the first collection that leaves more than largeHeap.
func watchHeap() {
	type marker struct{ _ *byte }
	runtime.SetFinalizer(&marker{}, func(*marker) {
		if heapInUse() > largeHeap {
			debug.SetGCPercent(largePercent)
			return
		}
		watchHeap()
	})
}

// heapInUse returns how many bytes the last collection left.
func heapInUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
