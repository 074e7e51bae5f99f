package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A stage must be the median of its lines in the output of go test -bench.
func TestStagesAreMedians(t *testing.T) {
	line := func(ns string) string {
		return "BenchmarkStages/load-2  3  " + ns + " ns/op  2000000 B/op  5 allocs/op\n"
	}
	got := stagesIn([]byte("goos: linux\n" + line("9000000") + line("1000000") + line("2000000") + "PASS\n"))
	want := []stage{{name: "load", millis: 2, bytes: 2e6}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(stage{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A function must be counted for its own module, whatever other module's path begins alike.
func TestModuleOfASymbol(t *testing.T) {
	paths := []string{"example.com/a/b", "example.com/a", "go.yaml.in/yaml/v4"}
	for name, want := range map[string]string{
		"example.com/a/b/c.(*T).Do":     "example.com/a/b",
		"example.com/a/c.Do":            "example.com/a",
		"example.com/ab.Do":             goItself,
		"type:.eq.example.com/a/b.T":    "example.com/a/b",
		"go%2eyaml%2ein/yaml/v4.Decode": "go.yaml.in/yaml/v4",
		"runtime.mallocgc":              goItself,
	} {
		if got := moduleOf(name, paths); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A peer that could not be built must be named in the page, with the reason.
func TestPageNamesWhatIsMissing(t *testing.T) {
	p := page{runs: 7, peers: []peer{{name: "compose v9 config", fault: "go mod download: no network\nmore"}}, starts: []start{{"hello, world", cost{cpu: time.Millisecond}}}}
	if text := p.text(); !strings.Contains(text, "- compose v9 config: not measured: go mod download: no network\n") {
		t.Errorf("the page does not say what is missing:\n%s", text)
	}
}
