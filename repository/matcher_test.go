package repository

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Every value must be found at every place of a text.
func TestMatcherFindsEveryPlace(t *testing.T) {
	values := []string{"abcdef", "abcdefg", "xyzxyzxyz", "0123456789abcdefghij", "short"}
	m := newMatcher(values)
	for i, value := range values {
		for before := range 20 {
			text := strings.Repeat("-", before) + value + "--"
			var got []int
			m.find(text, func(found, at int) {
				if found == i && at == before {
					got = append(got, found)
				}
			})
			if want := len(value) >= minSought; (len(got) == 1) != want {
				t.Errorf("%s after %d bytes: found %v", value, before, got)
			}
		}
	}
}

// What is found must be what strings.Index finds, in texts by chance.
func TestMatcherAgreesWithIndex(t *testing.T) {
	seed := uint64(1)
	random := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // a test's chance
	letters := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte("ab"[random.IntN(2)])
		}
		return b.String()
	}
	for range 300 {
		values := []string{letters(6), letters(7), letters(9)}
		text := letters(200)
		for i, value := range values {
			var got []int
			newMatcher(values).find(text, func(found, at int) {
				if found == i {
					got = append(got, at)
				}
			})
			var want []int
			for at := range text {
				if strings.HasPrefix(text[at:], value) {
					want = append(want, at)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("%s in %s: %v, want %v", value, text, got, want)
			}
		}
	}
}
