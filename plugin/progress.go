package plugin

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// teller tells what a command does while it does it: people by lines on stderr,
// programs by one JSON object a line on stdout.
type teller struct {
	cli   command.Cli
	json  bool
	trail *trail // which learns how it ended; nil for none
}

// event is one line for programs. Fields that the event does not have are left out.
type event struct {
	Event string `json:"event"` // plan, note, progress, residue, pins or result
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

func (t *teller) emit(e event) {
	_ = json.NewEncoder(t.cli.Out()).Encode(e)
}

// note says one thing that was done, or that a person has to do.
func (t *teller) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if t.json {
		t.emit(event{Event: "note", Text: text})
		return
	}
	_, _ = fmt.Fprintln(people(t.cli), text)
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
	if t.json {
		return func(p swarm.Progress) {
			t.emit(event{Event: "progress", Progress: &progressReport{
				Service: p.Service, State: p.State, Running: p.Running, Wanted: p.Wanted, Detail: p.Detail, Done: p.Done,
			}})
		}, func() {}
	}
	terminal := t.cli.Err().IsTerminal() && os.Getenv("NO_COLOR") == "" //nolint:forbidigo // the user's wish
	p := &progress{w: t.cli.Err(), terminal: terminal, latest: map[string]swarm.Progress{}}
	return p.show, p.end
}

// progress shows the state of each service: on a terminal one line a service,
// rewritten in place; elsewhere one line a change.
type progress struct {
	w        io.Writer
	terminal bool
	order    []string
	latest   map[string]swarm.Progress
	drawn    int
}

func (p *progress) show(now swarm.Progress) {
	if !p.terminal {
		_, _ = fmt.Fprintln(p.w, visible(progressLine(now)))
		return
	}
	if _, ok := p.latest[now.Service]; !ok {
		p.order = append(p.order, now.Service)
		slices.Sort(p.order)
	}
	p.latest[now.Service] = now
	p.draw()
}

// draw goes up over what was drawn and writes every line anew.
func (p *progress) draw() {
	if p.drawn > 0 {
		_, _ = fmt.Fprintf(p.w, "\x1b[%dA", p.drawn)
	}
	for _, service := range p.order {
		_, _ = fmt.Fprintf(p.w, "\x1b[2K%s\n", visible(progressLine(p.latest[service])))
	}
	p.drawn = len(p.order)
}

// end leaves the last state on the screen.
func (p *progress) end() { p.drawn = 0 }

func progressLine(p swarm.Progress) string {
	line := fmt.Sprintf("%s: %s, %d/%d", p.Service, p.State, p.Running, p.Wanted)
	if p.Detail != "" {
		line += ": " + p.Detail
	}
	return line
}
