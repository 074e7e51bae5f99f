// Package sample lets a test of a long matrix take a part of it, and a test that
// depends on chance be repeated.
//
// A run takes a part, the same each time, so that a test which turns red tells of the
// change at hand. DOCKER_SECRETS_WHOLE=1 takes the whole, as .ci/run does, and so does
// -run, which names the cases. DOCKER_SECRETS_SEED=random draws anew, to look for what
// no run has seen yet; tests log the seed, and DOCKER_SECRETS_SEED=N draws the same
// again.
//
// It knows nothing of this project's other packages.
package sample

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

const (
	wholeEnv = "DOCKER_SECRETS_WHOLE"
	longEnv  = "DOCKER_SECRETS_LONG"
	seedEnv  = "DOCKER_SECRETS_SEED"
	runsEnv  = "DOCKER_SECRETS_RUNS"
)

// defaultSeed is the seed of a run for which nobody asks another.
const defaultSeed = 1

// Whole tells whether tests take their whole matrices.
func Whole() bool {
	return os.Getenv(wholeEnv) == "1" //nolint:forbidigo // a switch for the test run
}

// Count returns how often a test repeats what depends on chance: few times, whole times
// where the whole is wanted, long times with DOCKER_SECRETS_LONG=1, which a person sets:
// such a run takes an hour.
func Count(few, whole, long int) int {
	switch {
	case os.Getenv(longEnv) == "1": //nolint:forbidigo // a switch for the test run
		return long
	case Whole():
		return whole
	}
	return few
}

// Random returns what the test draws with, and logs how to draw the same again.
// Two tests with one seed draw differently.
func Random(tb testing.TB) *rand.Rand {
	tb.Helper()
	seed := uint64(defaultSeed)
	switch text := os.Getenv(seedEnv); text { //nolint:forbidigo // a switch for the test run
	case "":
	case "random":
		seed = rand.Uint64()
	default:
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			tb.Fatalf("%s: not a number, and not random", seedEnv)
		}
	}
	tb.Logf("to repeat: %s=%d", seedEnv, seed)
	name := fnv.New64a()
	_, _ = name.Write([]byte(tb.Name()))
	return rand.New(rand.NewPCG(seed, name.Sum64()))
}

// Runs returns how often a test that draws is to draw: DOCKER_SECRETS_RUNS, else whole
// for the whole, else part.
func Runs(tb testing.TB, part, whole int) int {
	tb.Helper()
	if text := os.Getenv(runsEnv); text != "" { //nolint:forbidigo // a switch for the test run
		runs, err := strconv.Atoi(text)
		if err != nil {
			tb.Fatalf("%s: not a number", runsEnv)
		}
		return runs
	}
	if Whole() {
		return whole
	}
	return part
}

// Of returns n of all, in their order, or all where the whole is wanted.
func Of[T any](tb testing.TB, all []T, n int) []T {
	tb.Helper()
	if Whole() || named() || n >= len(all) {
		return all
	}
	chosen := Random(tb).Perm(len(all))[:n]
	slices.Sort(chosen)
	var some []T
	for _, i := range chosen {
		some = append(some, all[i])
	}
	return some
}

// named tells whether -run says which tests are to run.
func named() bool {
	run := flag.Lookup("test.run")
	return run != nil && run.Value.String() != ""
}
