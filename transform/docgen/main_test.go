package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/google/go-cmp/cmp"
)

// The page about images must be the one that the table gives.
func TestImagesPageIsFresh(t *testing.T) {
	var want bytes.Buffer
	if err := transform.WriteImagesPage(&want, looksSecret); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/images.md")
	if err != nil {
		t.Fatalf("%v; run go generate ./transform", err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("stale, run go generate ./transform (-want +got)\n%s", diff)
	}
}
