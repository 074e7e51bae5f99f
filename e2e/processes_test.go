package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// lookEvery is shorter than any command of the docker CLI.
const lookEvery = 10 * time.Millisecond

// processWatch looks at the argument lists and environments of every process of
// the machine, again and again, as `ps` would.
type processWatch struct {
	t      *testing.T
	values []string
	end    chan struct{}
	group  sync.WaitGroup
	looks  int
}

func watchProcesses(t *testing.T, values ...string) *processWatch {
	t.Helper()
	w := &processWatch{t: t, values: values, end: make(chan struct{})}
	w.group.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			select {
			case <-w.end:
				return
			case <-tick.C:
				w.look()
			}
		}
	})
	return w
}

func (w *processWatch) look() {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	environs, _ := filepath.Glob("/proc/[0-9]*/environ")
	w.looks++
	for _, file := range append(files, environs...) {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // the process has ended
		}
		for _, value := range w.values {
			if bytes.Contains(content, []byte(value)) {
				w.t.Errorf("%s holds a value during the deploy", file)
			}
		}
	}
}

// stop ends the watch. A watch that never looked proves nothing.
func (w *processWatch) stop() {
	close(w.end)
	w.group.Wait()
	if w.looks < 2 {
		w.t.Errorf("looked %d times only", w.looks)
	}
}
