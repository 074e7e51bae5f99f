package storetest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Canary is a part of the values in tests of stores. No error may contain it.
const Canary = "cAnArY-8kQ2"

// ChildVariable is the environment variable that is set in a program that RunChild starts.
const ChildVariable = "STORETEST_CHILD"

// Setenv sets variables, KEY=VALUE, until the test ends.
func Setenv(t *testing.T, environ []string) {
	t.Helper()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
}

// References parses texts.
func References(t *testing.T, texts ...string) []secret.Reference {
	t.Helper()
	refs := make([]secret.Reference, len(texts))
	for i, text := range texts {
		ref, err := secret.ParseReference(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		refs[i] = ref
	}
	return refs
}

// Entries makes entries of pairs: each reference is followed by its value.
func Entries(t *testing.T, pairs ...string) []store.Entry {
	t.Helper()
	var entries []store.Entry
	for i := 0; i < len(pairs); i += 2 {
		entries = append(entries, store.Entry{Ref: References(t, pairs[i])[0], Value: secret.NewValue(pairs[i+1])})
	}
	return entries
}

// ValuesOrErrors returns the value of each result, or its error. The test fails if an error
// has more than one line, contains Canary or comes with a value, or if it wraps ErrNotFound
// and does not say so, or the other way round.
func ValuesOrErrors(t *testing.T, results []store.Result) []string {
	t.Helper()
	lines := make([]string, len(results))
	for i, result := range results {
		lines[i] = result.Value.Reveal()
		if result.Err != nil {
			lines[i] = result.Err.Error()
			if strings.Contains(lines[i], Canary) || strings.Contains(lines[i], "\n") || !result.Value.Empty() {
				t.Errorf("result %d: an error of more than one line, or with a value", i)
			}
			if errors.Is(result.Err, store.ErrNotFound) != strings.HasSuffix(lines[i], "not found") {
				t.Errorf("%q: is ErrNotFound: %t", lines[i], errors.Is(result.Err, store.ErrNotFound))
			}
		}
	}
	return lines
}

// WantValueOrError resolves the reference text. The test fails if the value or the error,
// as ValuesOrErrors has it, is not want.
func WantValueOrError(t *testing.T, system store.System, text, want string) {
	t.Helper()
	if diff := cmp.Diff([]string{want}, ValuesOrErrors(t, system.Resolve(t.Context(), References(t, text)))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", text, diff)
	}
}

// VersionsOrErrors returns the version of each result, or its error.
func VersionsOrErrors(results []store.Result) []string {
	var lines []string
	for _, result := range results {
		if result.Err != nil {
			lines = append(lines, result.Err.Error())
		} else {
			lines = append(lines, result.Version)
		}
	}
	return lines
}

// VersionsAndErrors returns the version and the error of each result, in one line.
func VersionsAndErrors(results []store.Result) []string {
	var lines []string
	for _, result := range results {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %v", result.Version, result.Err)))
	}
	return lines
}

// RunChild runs the calling test again as a program of its own, with ChildVariable, environ
// and no other variables, and returns all that it prints, with Go's "PASS" as last line.
func RunChild(t *testing.T, environ []string) string {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	program.Env = append([]string{ChildVariable + "=1", "GORACE=atexit_sleep_ms=0", "PATH=/nowhere", "HOME=" + t.TempDir()}, environ...)
	printed, err := program.CombinedOutput()
	if err != nil {
		t.Errorf("the child: %v", err)
	}
	return string(printed)
}

// PrintAnswers resolves texts and prints one line for each: value, version and error. A child
// does this.
func PrintAnswers(t *testing.T, w io.Writer, system store.System, texts ...string) {
	t.Helper()
	for _, result := range system.Resolve(t.Context(), References(t, texts...)) {
		if _, err := fmt.Fprintln(w, result.Value.Reveal(), result.Version, result.Err); err != nil {
			t.Error(err)
		}
	}
}
