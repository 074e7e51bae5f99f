package sample

import (
	"flag"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var letters = []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}

// unnamed makes the test run look like one without -run.
func unnamed(t *testing.T) {
	t.Helper()
	run := flag.Lookup("test.run").Value
	before := run.String()
	set := func(pattern string) {
		if err := run.Set(pattern); err != nil {
			t.Fatal(err)
		}
	}
	set("")
	t.Cleanup(func() { set(before) })
}

// A seed must draw the same sample each time, in the order of the matrix.
func TestSeedRepeatsSample(t *testing.T) {
	unnamed(t)
	t.Setenv(wholeEnv, "")
	t.Setenv(seedEnv, "4711")
	first := Of(t, letters, 4)
	if diff := cmp.Diff(first, Of(t, letters, 4)); diff != "" {
		t.Errorf("the same seed draws another sample (-first +again):\n%s", diff)
	}
	if len(first) != 4 || first[0] >= first[1] || first[1] >= first[2] || first[2] >= first[3] {
		t.Errorf("%q are not four letters in order", first)
	}
}

// DOCKER_SECRETS_WHOLE=1, and a matrix that is no longer than the sample, must give
// every case.
func TestWholeMatrixIsTaken(t *testing.T) {
	unnamed(t)
	t.Setenv(wholeEnv, "")
	if got := Of(t, letters, len(letters)); len(got) != len(letters) {
		t.Errorf("%d cases of a matrix of %d", len(got), len(letters))
	}
	t.Setenv(wholeEnv, "1")
	if got := Of(t, letters, 2); len(got) != len(letters) {
		t.Errorf("%d cases of the whole matrix of %d", len(got), len(letters))
	}
}

// Without a seed, two runs must draw the same: chance must turn no run red.
func TestDrawsAgreeWithoutSeed(t *testing.T) {
	t.Setenv(seedEnv, "")
	if Random(t).Uint64() != Random(t).Uint64() {
		t.Error("two draws differ")
	}
}

// With DOCKER_SECRETS_SEED=random, two draws must differ.
func TestDrawsDifferAtRandom(t *testing.T) {
	t.Setenv(seedEnv, "random")
	if Random(t).Uint64() == Random(t).Uint64() {
		t.Error("two draws are the same")
	}
}

// DOCKER_SECRETS_RUNS must beat what the test has for a part and for the whole.
func TestRuns(t *testing.T) {
	for _, c := range []struct {
		whole, runs string
		want        int
	}{{"", "", 5}, {"1", "", 30}, {"", "7", 7}, {"1", "7", 7}} {
		t.Setenv(wholeEnv, c.whole)
		t.Setenv(runsEnv, c.runs)
		if got := Runs(t, 5, 30); got != c.want {
			t.Errorf("%s=%q %s=%q: %d runs, want %d", wholeEnv, c.whole, runsEnv, c.runs, got, c.want)
		}
	}
}
