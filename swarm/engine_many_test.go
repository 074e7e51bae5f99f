package swarm

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// manyWants are n secrets whose names begin with prefix.
func manyWants(prefix string, n int) []Want {
	var wants []Want
	for i := range n {
		wants = append(wants, Want{Name: fmt.Sprintf("%s_%d", prefix, i), Value: secret.NewValue(fmt.Sprintf("value %d", i)), Found: true})
	}
	return wants
}

// pathsWith are the paths of calls that end with suffix.
func pathsWith(calls []enginetest.Call, suffix string) []string {
	return slices.DeleteFunc(paths(calls), func(path string) bool { return !strings.HasSuffix(path, suffix) })
}

// Each secret must cost one call of the Engine, be it created or compared, and the
// rest must cost the same for many as for few.
func TestEngineManySecretsTakeOneCallEach(t *testing.T) {
	t.Parallel()
	const few, many = 5, 100
	rest := map[int]int{}
	for _, n := range []int{few, many} {
		r := newRig(t)
		stack := fmt.Sprintf("calls%d", n)
		wants := manyWants(stack, n)
		r.apply(r.plan(stack, Consent{}, wants...))
		// The proxy records a call a moment after its answer.
		r.until("every create is recorded", func() bool { return len(r.proxy.Writes()) >= n })
		if created := len(r.proxy.Writes()); created != n {
			t.Errorf("%d calls create %d secrets", created, n)
		}
		r.proxy.Reset()
		if plan := r.plan(stack, Consent{}, wants...); !plan.Empty() {
			t.Errorf("the second plan of %d secrets is not empty", n)
		}
		asked := func() int { return len(pathsWith(r.proxy.Calls(), "/update")) }
		r.until("every comparison is recorded", func() bool { return asked() >= n })
		if asked() != n {
			t.Errorf("%d calls compare %d secrets", asked(), n)
		}
		rest[n] = len(r.proxy.Calls()) - n
	}
	if rest[few] != rest[many] {
		t.Errorf("besides one call a secret, %d secrets take %d calls and %d take %d", few, rest[few], many, rest[many])
	}
}

// BenchmarkEngineSecrets is the time for 500 secrets, planned and created together,
// and then compared, and for one docker secret create, which would be run 500 times.
func BenchmarkEngineSecrets(b *testing.B) {
	const many = 500
	engine := enginetest.Shared(b)
	round := 0
	b.Run("create", func(b *testing.B) {
		for b.Loop() {
			round++
			planAndApply(b, engine, manyWants(fmt.Sprintf("bench%d", round), many))
		}
	})
	wants := manyWants("again", many)
	planAndApply(b, engine, wants)
	b.Run("compare", func(b *testing.B) {
		for b.Loop() {
			planAndApply(b, engine, wants)
		}
	})
	b.Run("docker", func(b *testing.B) {
		for b.Loop() {
			round++
			cmd := exec.CommandContext(b.Context(), "docker", "secret", "create", fmt.Sprintf("docker_%d", round), "-")
			cmd.Env = append(os.Environ(), "DOCKER_HOST="+engine.Host)
			cmd.Stdin = strings.NewReader("value")
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v\n%s", err, out)
			}
		}
	})
}

func planAndApply(b *testing.B, engine *enginetest.Engine, wants []Want) {
	b.Helper()
	state, err := Observe(b.Context(), engine.Client, "bench")
	if err == nil {
		state, err = Compare(b.Context(), engine.Client, wants, state)
	}
	if err != nil {
		b.Fatal(err)
	}
	plan, err := NewPlan("bench", wants, state, Consent{})
	if err == nil {
		err = Apply(b.Context(), engine.Client, plan)
	}
	if err != nil {
		b.Fatal(err)
	}
}
