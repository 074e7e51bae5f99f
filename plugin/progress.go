package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// teller tells what a command does while it does it: people by lines on stderr,
// programs by one JSON object a line on stdout.
type teller struct {
	cli   command.Cli
	json  bool
	pulse pulse

	drawing atomic.Pointer[progress] // what is on the terminal while Watch waits
	trail   *trail                   // which learns how it ended; nil for none
}

// event is one line for programs. Fields that the event does not have are left out.
type event struct {
	Event string `json:"event"` // plan, note, waiting, progress, residue, pins or result
	*planReport
	*pushReport
	Text     string          `json:"text,omitempty"`
	Progress *progressReport `json:"progress,omitempty"`
	Residue  *residueReport  `json:"residue,omitempty"`
	Pins     []pinReport     `json:"pins,omitempty"`
	Status   string          `json:"status,omitempty"` // of a result: running, started, created, failed, rolled back, interrupted or written
}

type progressReport struct {
	Service string `json:"service"`
	State   string `json:"state"`
	Running int    `json:"running"`
	Wanted  int    `json:"wanted"`
	Detail  string `json:"detail,omitempty"`
	Done    bool   `json:"done"`
}

type residueReport struct {
	Secret string `json:"secret"`
	Where  string `json:"where"`
}

// newTeller returns the teller for a --format that checkFormat accepts.
func newTeller(dockerCLI command.Cli, format string) *teller {
	return &teller{cli: dockerCLI, json: forPrograms(format)}
}

// beat says from now on what is waited for, when nothing else is said, until end is called.
// Calls with the ctx that it returns say why they wait.
func (t *teller) beat(ctx context.Context) (_ context.Context, end func()) {
	return swarm.WithReasons(ctx, t.pulse.because), t.pulse.beat(ctx, t.waiting)
}

func (t *teller) waiting(text string) {
	drawing := t.drawing.Load()
	switch {
	case t.json:
		t.emit(event{Event: "waiting", Text: text})
	case drawing != nil && drawing.terminal:
		drawing.wait(text)
	default:
		_, _ = fmt.Fprintln(t.err(), text)
	}
}

// err is where people are told.
func (t *teller) err() io.Writer { return t.pulse.writer(people(t.cli)) }

func (t *teller) emit(e event) {
	_ = json.NewEncoder(t.pulse.writer(t.cli.Out())).Encode(e)
}

// note says one thing that was done, or that a person has to do.
func (t *teller) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if t.json {
		t.emit(event{Event: "note", Text: text})
		return
	}
	_, _ = fmt.Fprintln(t.err(), text)
}

// result says how it ended. People read an error where main prints it.
func (t *teller) result(status, text string) {
	if t.trail != nil {
		t.trail.told = status
	}
	if t.json {
		t.emit(event{Event: "result", Status: status, Text: text})
	}
}

// watching returns the function that shows the progress of services while Watch waits,
// and the one to call after it.
func (t *teller) watching() (show func(swarm.Progress), end func()) {
	terminal := t.cli.Err().IsTerminal() && os.Getenv("NO_COLOR") == "" //nolint:forbidigo // the user's wish
	p := &progress{w: t.pulse.writer(t.cli.Err()), terminal: terminal && !t.json, latest: map[string]swarm.Progress{}}
	endWait := t.pulse.waits("the services")
	t.drawing.Store(p)
	return func(now swarm.Progress) {
			if t.json {
				t.emit(event{Event: "progress", Progress: &progressReport{
					Service: now.Service, State: now.State, Running: now.Running, Wanted: now.Wanted, Detail: now.Detail, Done: now.Done,
				}})
			}
			t.pulse.because(p.show(now, !t.json))
		}, func() {
			t.drawing.Store(nil)
			p.end()
			endWait()
		}
}

// progress shows the state of each service: on a terminal one line a service,
// rewritten in place; elsewhere one line a change.
type progress struct {
	w        io.Writer
	terminal bool

	mu      sync.Mutex
	order   []string
	latest  map[string]swarm.Progress
	drawn   int
	waiting string // the last line on a terminal
}

// show remembers now, and prints it if told to. It returns what is not there yet.
func (p *progress) show(now swarm.Progress, printed bool) (late string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.latest[now.Service]; !ok {
		p.order = append(p.order, now.Service)
		slices.Sort(p.order)
	}
	p.latest[now.Service] = now
	switch {
	case !printed:
	case p.terminal:
		p.waiting = ""
		p.draw()
	default:
		_, _ = fmt.Fprintln(p.w, visible(progressLine(now)))
	}
	return p.late()
}

// wait shows text below the services.
func (p *progress) wait(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = text
	p.draw()
}

// end takes the line below the services away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting != "" {
		p.waiting = ""
		p.draw()
	}
}

// lateShown is how many services a line names.
const lateShown = 3

func (p *progress) late() string {
	var late []string
	for _, service := range p.order {
		if now := p.latest[service]; !now.Done {
			late = append(late, fmt.Sprintf("%s is %s, %d/%d", service, now.State, now.Running, now.Wanted)+lasting(now))
		}
	}
	if more := len(late) - lateShown; more > 0 {
		late = append(late[:lateShown], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(late, "; ")
}

// draw goes up over what was drawn and writes every line anew.
func (p *progress) draw() {
	var b strings.Builder
	if p.drawn > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", p.drawn)
	}
	for _, service := range p.order {
		fmt.Fprintf(&b, "\x1b[2K%s\n", visible(progressLine(p.latest[service])))
	}
	p.drawn = len(p.order)
	if p.waiting != "" {
		fmt.Fprintf(&b, "\x1b[2K%s\x1b[K\r", visible(p.waiting))
	} else {
		b.WriteString("\x1b[2K")
	}
	_, _ = io.WriteString(p.w, b.String())
}

func progressLine(p swarm.Progress) string {
	line := fmt.Sprintf("%s: %s, %d/%d", p.Service, p.State, p.Running, p.Wanted) + lasting(p)
	if p.Detail != "" {
		line += ": " + p.Detail
	}
	return line
}

// lasting returns how long tasks that are there have to stay, in words.
func lasting(p swarm.Progress) string {
	if p.Done || p.Lasts == 0 {
		return ""
	}
	return ", has to run for " + period(p.Lasts)
}
