package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each generated page in docs/ must be the one that its table gives.
func TestPagesAreFresh(t *testing.T) {
	for name, write := range pages {
		var want bytes.Buffer
		if err := write(&want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := os.ReadFile("../../../docs/" + name)
		if err != nil {
			t.Fatalf("%v; run make generate", err)
		}
		if diff := cmp.Diff(want.String(), string(got)); diff != "" {
			t.Errorf("%s is stale, run make generate (-want +got)\n%s", name, diff)
		}
	}
}
