package plugin

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/docker/cli/cli/streams"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/terminaltest"
	"github.com/docker-secrets/docker-secrets/plugin/screen"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// Ten services with errors longer than the terminal must have one line each, drawn over
// and over in its place, with what was there before still above them.
func TestRedrawHoldsOnATerminal(t *testing.T) {
	const services = 10
	long := "starting container failed: error while creating mount source path '/var/lib/application/configuration/production': mkdir: read-only file system"
	shown := terminaltest.Run(t, 24, 80, func(program *os.File) {
		out := streams.NewOut(program)
		_, _ = fmt.Fprintln(out, "create db_password, from .env (service-0)")
		p := newProgress(screen.New(out, visible), func() (height, width int) {
			h, w := out.GetTtySize()
			return int(h), int(w) //nolint:gosec // lines and columns
		})
		for round := range 20 {
			for i := range services {
				now := swarm.Progress{Service: fmt.Sprintf("service-%d", i), State: "starting", Wanted: 1}
				if round%2 == 1 {
					now.Detail = long
				}
				p.show(now, true)
			}
			p.wait(fmt.Sprintf("waiting for the services (%d s): %s", 4*round, strings.Repeat("service-1 is starting, 0/1; ", 8)))
		}
		p.end()
		_, _ = fmt.Fprintln(out, "shop is not running as it should")
	})
	if shown.Wrapped() {
		t.Error("a line is wider than the terminal")
	}
	want := "create db_password, from .env (service-0)\n"
	for i := range services {
		line := fmt.Sprintf("service-%d: starting, 0/1: %s", i, long)
		want += line[:78] + "…\n"
	}
	want += "shop is not running as it should\n"
	if diff := cmp.Diff(want, shown.Text(nil)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
