package plugin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// progress shows the state of each service: on a terminal one line a service, drawn again
// in place; elsewhere one line for each state that a service was not in before.
type progress struct {
	s      *screen.Screen
	board  *screen.Board
	latest map[string]swarm.Progress
	shown  map[string][]string // lines by service
}

func newProgress(s *screen.Screen, size func() (height, width int)) *progress {
	return &progress{s: s, board: screen.NewBoard(s, size), latest: map[string]swarm.Progress{}, shown: map[string][]string{}}
}

// maxStates is how many lines a log has of one service that does not come up.
const maxStates = 10

func (p *progress) show(now swarm.Progress) {
	p.latest[now.Service] = now
	if p.s.IsTerminal() {
		p.board.Draw(p.lines())
		return
	}
	key := fmt.Sprint(now.State, now.Running, now.Wanted, now.Detail)
	shown := p.shown[now.Service]
	if slices.Contains(shown, key) && !now.Done || len(shown) >= maxStates && !now.Done {
		return // a service that crashes goes through the same states again and again
	}
	if len(shown) > 0 && shown[len(shown)-1] == key {
		return
	}
	p.shown[now.Service] = append(shown, key)
	p.s.Cut(progressLine(now)...)
}

// fewServices is how many services fit on any terminal: their lines keep their places.
const fewServices = 16

// lines returns a line a service, by name; of many, those that are not there yet first, so
// that a low terminal shows what is waited for.
func (p *progress) lines() [][]screen.Span {
	var all []swarm.Progress
	for _, now := range p.latest {
		all = append(all, now)
	}
	slices.SortFunc(all, func(a, b swarm.Progress) int { return strings.Compare(a.Service, b.Service) })
	if len(all) > fewServices {
		slices.SortStableFunc(all, func(a, b swarm.Progress) int { return order(a) - order(b) })
	}
	var lines [][]screen.Span
	for _, now := range all {
		lines = append(lines, progressLine(now))
	}
	return lines
}

// order is 0 for what people should see, 1 for what is done.
func order(p swarm.Progress) int {
	if p.Done {
		return 1
	}
	return 0
}

// end leaves the last state on the screen.
func (p *progress) end() { p.board.End() }

// progressLine returns "web: starting, 0/1: no such image", coloured as docker compose
// does.
func progressLine(p swarm.Progress) []screen.Span {
	style := screen.Normal
	switch {
	case p.State == "failed":
		style = screen.Red
	case p.Done:
		style = screen.Green
	case p.Detail != "":
		style = screen.Yellow
	}
	detail := strings.Join(strings.Fields(p.Detail), " ")
	if detail != "" {
		detail = ": " + detail
	}
	return []screen.Span{
		{Text: p.Service + ": "}, {Text: p.State, Style: style}, {Text: fmt.Sprintf(", %d/%d", p.Running, p.Wanted)}, {Text: detail, Style: screen.Dim},
	}
}
