package plugin

import "runtime/debug"

// collectorPercent is by how much the heap grows before it is collected. A command lives
// for a second and gives everything back then: at Go's own 100 a fifth of its time went
// into collecting, at more than this the largest applications would need too much memory.
const collectorPercent = 200

// tuneCollector sets collectorPercent, unless GOGC says anything.
func tuneCollector() {
	if percent := debug.SetGCPercent(collectorPercent); percent != 100 {
		debug.SetGCPercent(percent)
	}
}
