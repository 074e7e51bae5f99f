package plugin

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What is waited for must be said before five seconds of silence are over, with the
// reason, and again; nothing may be said while other lines come or nothing is waited for.
func TestWaitingIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pulse
		var said []string
		out := p.writer(&bytes.Buffer{})
		end := p.beat(t.Context(), func(text string) { said = append(said, text) })
		defer end()
		time.Sleep(20*time.Second + pulseBeat/2) // nothing is waited for
		endWait := p.waits("the lock")
		for range 5 {
			_, _ = out.Write([]byte("a line"))
			time.Sleep(3 * time.Second)
		}
		_, _ = out.Write([]byte("a line"))
		p.because("alice has it")
		time.Sleep(9 * time.Second)
		endWait()
		time.Sleep(20 * time.Second)
		p.because("it has no leader")
		time.Sleep(5 * time.Second)
		p.because("")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		want := []string{
			"waiting for the lock (19 s): alice has it", "waiting for the lock (23 s): alice has it",
			"waiting for the swarm (0 s): it has no leader", "waiting for the swarm (4 s): it has no leader",
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// full is a disk that is full.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// That nobody can hear what is said must be no error.
func TestVoiceNeverFails(t *testing.T) {
	var p pulse
	if n, err := p.writer(full{}).Write([]byte("four")); n != 4 || err != nil {
		t.Errorf("%d bytes, error %v", n, err)
	}
}

// A pulse must end with its context.
func TestPulseEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var p pulse
		var said strings.Builder
		end := p.beat(ctx, func(text string) { said.WriteString(text) })
		defer end()
		p.waits("something")
		cancel()
		time.Sleep(time.Minute)
		if said.Len() > 0 {
			t.Errorf("said: %s", said.String())
		}
	})
}
