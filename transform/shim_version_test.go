package transform

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

// published are the versions that stack files may name. To change the shim is to add a
// version, here and as a file: one that is gone, or has other bytes, breaks the stacks
// that name it.
var published = []string{ShimVersion}

// Every version must be here under the name of its content, for stack files of any age.
func TestShimVersionsAreWhatTheyAreCalled(t *testing.T) {
	for _, name := range published {
		text, known := ShimText(name)
		sum := sha256.Sum256([]byte(text))
		if want := shimConfig + "_" + hex.EncodeToString(sum[:])[:12]; !known || name != want || !IsShim(name) {
			t.Errorf("%s: known %t, but its content is called %s", name, known, want)
		}
	}
	entries, err := shims.ReadDir("data/shim")
	if err != nil || len(entries) != len(published) {
		t.Errorf("%d files for %d versions: %v", len(entries), len(published), err)
	}
}

// A name that is not that of a version must not be taken for one.
func TestIsShimRefusesOtherNames(t *testing.T) {
	for _, name := range []string{"", shimConfig, shimConfig + "_", ShimVersion + "0", ShimVersion + "_v2", "my_" + ShimVersion, strings.ToUpper(ShimVersion), "../" + ShimVersion, shimConfig + "_e321a2e7"} {
		if _, known := ShimText(name); IsShim(name) || known {
			t.Errorf("%q is taken for a version", name)
		}
	}
}
