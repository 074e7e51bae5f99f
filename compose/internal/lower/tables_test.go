package lower

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
	"github.com/google/go-cmp/cmp"
)

// Every key of the Compose Spec must have a rule, of its own or of a parent
// that answers for all below it.
func TestEveryComposeKeyHasARule(t *testing.T) {
	known, walked := map[string]bool{}, map[string]bool{}
	for _, r := range rules() {
		if known[r.key] {
			t.Errorf("%s has two rules", r.key)
		}
		known[r.key] = true
		walked[parent(r.key)] = true
	}
	paths := schema.AttributePaths()
	if len(paths) < 300 {
		t.Fatalf("the schema has %d keys, too few to be all", len(paths))
	}
	for _, p := range paths {
		key := strings.ReplaceAll(p.String(), ".[]", "[]")
		for key != "" && !known[key] {
			above := parent(key)
			if walked[above] && last(key) != "*" {
				t.Errorf("%s: no rule for %s", p, key)
				break
			}
			key = strings.TrimSuffix(above, "[]")
		}
	}
}

func parent(key string) string {
	key = strings.TrimSuffix(key, "[]")
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		return key[:i]
	}
	return ""
}

func last(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// The page for users must be the one that the tables give.
func TestPageIsFresh(t *testing.T) {
	var want bytes.Buffer
	if err := WritePage(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../../docs/compose-keys.md")
	if err != nil {
		t.Fatalf("%v; run go generate ./compose/internal/lower", err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("stale, run go generate ./compose/internal/lower (-want +got)\n%s", diff)
	}
}
