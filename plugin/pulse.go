package plugin

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// silence is how long a command that waits may say nothing. It is looked at every
// pulseBeat, so that five seconds never pass without a line.
const (
	silence   = 4 * time.Second
	pulseBeat = 500 * time.Millisecond
)

// pulse says what a command waits for when nothing else was said for a while. Its methods
// may be called at the same time. The zero pulse says nothing.
type pulse struct {
	mu    sync.Mutex
	said  time.Time // when something was said last
	what  string    // that is waited for; "" if nothing is
	why   string    // what the Swarm says about it, or ""
	since time.Time // when it began to be waited for
}

// writer returns w such that what is written to it counts as said, is not mixed with
// what others write at the same time, and never fails: that nobody listens any more
// stops no deploy.
func (p *pulse) writer(w io.Writer) io.Writer { return voice{p, w} }

type voice struct {
	pulse *pulse
	w     io.Writer
}

func (v voice) Write(text []byte) (int, error) {
	v.pulse.mu.Lock()
	defer v.pulse.mu.Unlock()
	v.pulse.said = time.Now()
	_, _ = v.w.Write(text)
	return len(text), nil
}

// waits says that from now on what is waited for, until the function is called that
// it returns.
func (p *pulse) waits(what string) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before, since := p.what, p.since
	p.what, p.why, p.since = what, "", time.Now()
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.what, p.why, p.since = before, "", since
	}
}

// because notes why the wait takes so long; "" for no reason. A reason without anything
// that is waited for is the Swarm's.
func (p *pulse) because(why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.what == "" && p.why == "" {
		p.since = time.Now()
	}
	p.why = why
}

// beat lets the pulse speak, by tell, until end is called.
func (p *pulse) beat(ctx context.Context, tell func(text string)) (end func()) {
	ctx, end = context.WithCancel(ctx)
	p.mu.Lock()
	p.said = time.Now()
	p.mu.Unlock()
	go func() {
		tick := time.NewTicker(pulseBeat)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if text := p.due(); text != "" {
					tell(text)
				}
			}
		}
	}()
	return end
}

// due returns what is to be said now, "" if nothing is.
func (p *pulse) due() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.what == "" && p.why == "" || time.Since(p.said) < silence {
		return ""
	}
	p.said = time.Now()
	text := fmt.Sprintf("waiting for %s (%s)", cmp.Or(p.what, "the swarm"), period(time.Since(p.since).Round(time.Second)))
	if p.why != "" {
		text += ": " + p.why
	}
	return text
}
