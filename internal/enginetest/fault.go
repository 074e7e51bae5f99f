package enginetest

import (
	"context"
	"strings"
	"time"
)

// Fault is what a Proxy does to some calls instead of passing them on. The first
// fault that matches a call and is not used up applies.
type Fault struct {
	Method string // "" matches every method
	Path   string // a prefix of the path without the API version: /secrets/create
	Skip   int    // let so many matching calls pass first
	Times  int    // how many calls it hits; 0 is all

	Delay    time.Duration // wait first; alone, the call passes afterwards
	Cut      bool          // close the connection, the engine never hears of the call
	CutAfter bool          // let the engine do it, then close the connection
	Replay   bool          // do the call twice and return the second answer
	Status   int           // answer with this status and Message, as the engine words errors
	Message  string
	After    bool // with Status: let the engine do it first

	seen int
}

// Inject adds faults behind those that are there.
func (p *Proxy) Inject(faults ...Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range faults {
		p.faults = append(p.faults, &fault)
	}
}

// nextFault returns the fault that hits call, or nil.
func (p *Proxy) nextFault(call Call) *Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		if fault.hits(call) {
			return fault
		}
	}
	return nil
}

func (f *Fault) hits(call Call) bool {
	if f.Method != "" && f.Method != call.Method || !strings.HasPrefix(call.Path, f.Path) {
		return false
	}
	if f.Times > 0 && f.seen >= f.Skip+f.Times {
		return false
	}
	f.seen++
	return f.seen > f.Skip
}

// wait returns false when ctx ended before the time was over.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
