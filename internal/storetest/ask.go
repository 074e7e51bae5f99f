package storetest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Canary is in every value of these tests, and may be in no error.
const Canary = "cAnArY-8kQ2"

func Setenv(t *testing.T, environ []string) {
	t.Helper()
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
}

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

// Said is what results say, one line each, with values and errors; no error may have
// a canary or a second line in it.
func Said(t *testing.T, results []store.Result) []string {
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

// WantAnswer resolves text and compares what is said.
func WantAnswer(t *testing.T, system store.System, text, want string) {
	t.Helper()
	if diff := cmp.Diff([]string{want}, Said(t, system.Resolve(t.Context(), References(t, text)))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", text, diff)
	}
}

// Child runs the test that calls it again as a program of its own, with environ and
// nothing else, and returns all that it prints besides Go's "PASS".
func Child(t *testing.T, environ []string) string {
	t.Helper()
	program := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	program.Env = append([]string{"STORETEST_CHILD=1", "GORACE=atexit_sleep_ms=0", "PATH=/nowhere", "HOME=" + t.TempDir()}, environ...)
	printed, err := program.CombinedOutput()
	if err != nil {
		t.Errorf("the child: %v", err)
	}
	return string(printed)
}

// Answers prints what a store in its zero value answers, as a child does.
func Answers(t *testing.T, store store.System, texts ...string) {
	t.Helper()
	for _, result := range store.Resolve(t.Context(), References(t, texts...)) {
		fmt.Println(result.Value.Reveal(), result.Version, result.Err)
	}
}

// Versions are what results say of versions, errors too.
func Versions(results []store.Result) []string {
	var all []string
	for _, result := range results {
		if result.Err != nil {
			all = append(all, result.Err.Error())
		} else {
			all = append(all, result.Version)
		}
	}
	return all
}

// Entries are values and their places: each reference and its value in turn.
func Entries(t *testing.T, pairs ...string) []store.Entry {
	t.Helper()
	var entries []store.Entry
	for i := 0; i < len(pairs); i += 2 {
		entries = append(entries, store.Entry{Ref: References(t, pairs[i])[0], Value: secret.NewValue(pairs[i+1])})
	}
	return entries
}

// Outcomes is each result in one line: its version and its error.
func Outcomes(results []store.Result) []string {
	var lines []string
	for _, result := range results {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %v", result.Version, result.Err)))
	}
	return lines
}
