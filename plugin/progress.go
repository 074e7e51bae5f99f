package plugin

import (
	"fmt"
	"io"
	"slices"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// progress shows where each service stands: on a terminal one line a service,
// rewritten in place; elsewhere one line a change.
type progress struct {
	w        io.Writer
	terminal bool
	order    []string
	latest   map[string]swarm.Progress
	drawn    int
}

func newProgress(w io.Writer, terminal bool) *progress {
	return &progress{w: w, terminal: terminal, latest: map[string]swarm.Progress{}}
}

func (p *progress) show(one swarm.Progress) {
	if !p.terminal {
		_, _ = fmt.Fprintln(p.w, progressLine(one))
		return
	}
	if _, ok := p.latest[one.Service]; !ok {
		p.order = append(p.order, one.Service)
		slices.Sort(p.order)
	}
	p.latest[one.Service] = one
	p.draw()
}

// draw goes up over what was drawn and writes every line anew.
func (p *progress) draw() {
	if p.drawn > 0 {
		_, _ = fmt.Fprintf(p.w, "\x1b[%dA", p.drawn)
	}
	for _, service := range p.order {
		_, _ = fmt.Fprintf(p.w, "\x1b[2K%s\n", progressLine(p.latest[service]))
	}
	p.drawn = len(p.order)
}

// end leaves the last state on the screen.
func (p *progress) end() { p.drawn = 0 }

func progressLine(one swarm.Progress) string {
	line := fmt.Sprintf("%s: %s, %d/%d", one.Service, one.State, one.Running, one.Wanted)
	if one.Detail != "" {
		line += ": " + one.Detail
	}
	return line
}
