package plugin

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// progress shows the state of each service: on a terminal one line a service, drawn again
// in place; elsewhere one line for each state that a service was not in before.
type progress struct {
	s        *screen.Screen
	terminal bool

	mu      sync.Mutex
	board   *screen.Board
	latest  map[string]swarm.Progress
	shown   map[string][]string // lines by service
	waiting string              // the last line on a terminal
}

func newProgress(s *screen.Screen, size func() (height, width int)) *progress {
	return &progress{s: s, terminal: s.IsTerminal(), board: screen.NewBoard(s, size), latest: map[string]swarm.Progress{}, shown: map[string][]string{}}
}

// maxStates is how many lines a log has of one service that does not come up.
const maxStates = 10

// show remembers now, and prints it if told to. It returns what is not there yet.
func (p *progress) show(now swarm.Progress, printed bool) (late string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest[now.Service] = now
	switch {
	case !printed:
	case p.terminal:
		p.waiting = ""
		p.draw()
	default:
		p.log(now)
	}
	return p.late()
}

// log prints a line if the service was not in that state before: one that crashes goes
// through the same states again and again.
func (p *progress) log(now swarm.Progress) {
	key := fmt.Sprint(now.State, now.Running, now.Wanted, now.Detail, now.Done)
	shown := p.shown[now.Service]
	if slices.Contains(shown, key) || len(shown) >= maxStates && !now.Done {
		return
	}
	p.shown[now.Service] = append(shown, key)
	p.s.Cut(progressLine(now)...)
}

// wait shows text below the services.
func (p *progress) wait(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waiting = text
	p.draw()
}

// end leaves the services on the screen, and takes the line below them away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting != "" {
		p.waiting = ""
		p.draw()
	}
	p.board.End()
}

func (p *progress) draw() {
	lines := p.lines()
	if p.waiting != "" {
		lines = append(lines, []screen.Span{{Text: p.waiting, Style: screen.Dim}})
	}
	p.board.Draw(lines)
}

// lateShown is how many services a line names.
const lateShown = 3

func (p *progress) late() string {
	var late []string
	for _, service := range slices.Sorted(maps.Keys(p.latest)) {
		if now := p.latest[service]; !now.Done {
			late = append(late, fmt.Sprintf("%s is %s, %d/%d", service, now.State, now.Running, now.Wanted)+lasting(now))
		}
	}
	if more := len(late) - lateShown; more > 0 {
		late = append(late[:lateShown], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(late, "; ")
}

// lasting returns how long tasks that are there have to stay, in words.
func lasting(p swarm.Progress) string {
	if p.Done || p.Lasts == 0 {
		return ""
	}
	return ", has to run for " + period(p.Lasts)
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
		{Text: p.Service + ": "}, {Text: p.State, Style: style}, {Text: fmt.Sprintf(", %d/%d", p.Running, p.Wanted) + lasting(p)}, {Text: detail, Style: screen.Dim},
	}
}
