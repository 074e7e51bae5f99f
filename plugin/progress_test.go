package plugin

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// A log without a terminal must have each state of a service that crashes once, in short
// lines.
func TestProgressInALogIsShort(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(screen.Plain(&out, 80), nil)
	long := strings.Repeat("exec: \"/docker-entrypoint.sh\": permission denied\n", 8)
	for i := range 200 {
		p.show(swarm.Progress{Service: "web", State: "starting", Wanted: 1}, true)
		p.show(swarm.Progress{Service: "web", State: "starting", Wanted: 1, Detail: long}, true)
		p.show(swarm.Progress{Service: "web", State: "starting", Wanted: 1, Detail: fmt.Sprint("attempt ", i)}, true)
		p.show(swarm.Progress{Service: "web", State: "running", Running: 1, Wanted: 1}, true)
	}
	p.show(swarm.Progress{Service: "web", State: "failed", Wanted: 1, Detail: long, Done: true}, true)
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) > 20 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("wider than 80 columns: %s", line)
		}
	}
	if want := "web: starting, 0/1"; lines[0] != want {
		t.Errorf("first line %q, want %q", lines[0], want)
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "web: failed, 0/1: exec: ") {
		t.Errorf("last line %q", last)
	}
}

// Nothing may be wider than the terminal, or higher: the next drawing goes up over it.
func TestProgressFitsTheTerminal(t *testing.T) {
	var out bytes.Buffer
	board := screen.NewBoard(screen.Plain(&out, 80), func() (height, width int) { return 8, 50 })
	p := newProgress(screen.Plain(&out, 80), nil)
	for i := range 12 {
		name := fmt.Sprintf("service-%02d", i)
		p.latest[name] = swarm.Progress{Service: name, State: "starting", Wanted: 3, Detail: strings.Repeat("long error ", 20)}
	}
	board.Draw(p.lines())
	first := out.String()
	lines := strings.Split(strings.TrimSuffix(strings.TrimSuffix(first, "\x1b[J"), "\n"), "\n")
	if len(lines) != 6 || !strings.HasSuffix(lines[5], "… 7 more") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-1])
	}
	for _, line := range lines {
		if n := utf8.RuneCountInString(strings.TrimPrefix(line, "\x1b[2K")); n > 49 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	out.Reset()
	board.Draw(p.lines())
	if diff := cmp.Diff("\x1b[6A"+first, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
