package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	p := newProgress(screenOf(t.cli).To(t.pulse.writer(t.cli.Err())), func() (height, width int) {
		h, w := t.cli.Err().GetTtySize()
		return int(h), int(w) //nolint:gosec // lines and columns
	})
	p.terminal = p.terminal && !t.json
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
