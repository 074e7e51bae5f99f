package swarm

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Many secrets must be created and compared much faster than one docker process each would.
func TestEngineSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("it counts seconds")
	}
	// Not parallel: it measures.
	const many, sample = 500, 25
	r := newRig(t)
	config := t.TempDir()
	docker := func(stdin string, args ...string) {
		cmd := exec.CommandContext(t.Context(), "docker", args...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+enginetest.Shared(t).Host, "DOCKER_CONFIG="+config)
		cmd.Stdin = strings.NewReader(stdin)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	perProcess := func(do func(i int)) time.Duration {
		start := time.Now()
		for i := range sample {
			do(i)
		}
		return time.Since(start) / sample * many
	}
	creates := perProcess(func(i int) { docker("value", "secret", "create", fmt.Sprintf("cli_%d", i), "-") })
	inspects := perProcess(func(i int) { docker("", "secret", "inspect", fmt.Sprintf("cli_%d", i)) })

	var wants []Want
	for i := range many {
		wants = append(wants, Want{Name: fmt.Sprintf("speed_%d", i), Value: secret.NewValue(fmt.Sprintf("value %d", i)), Found: true})
	}
	start := time.Now()
	r.apply(r.plan("speed", Options{}, wants...))
	first := time.Since(start)
	start = time.Now()
	plan := r.plan("speed", Options{}, wants...)
	second := time.Since(start)
	if !plan.Empty() {
		t.Error("the second plan is not empty")
	}
	t.Logf("%d secrets: %s, again %s; docker secret create %s, inspect %s", many, first, second, creates, inspects)
	if first > creates/10 || second > inspects {
		t.Errorf("too slow: %s for what takes docker %s, then %s for %s", first, creates, second, inspects)
	}
}
