package lower

import (
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
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
