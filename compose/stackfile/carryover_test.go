package stackfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func declared() map[string]any {
	return map[string]any{
		"secrets": map[string]any{
			"one": map[string]any{"external": true, "x-from": "env://NEW"},
			"two": map[string]any{"external": true, "x-from": []any{"env://A", "env://B"}},
			"new": map[string]any{"external": true, "x-from": "env://X"},
		},
		"configs": map[string]any{"shim": map[string]any{"external": true, "x-content": "x"}},
	}
}

const stackBefore = `services: {}
secrets:
  one:
    external: true
    name: one_v2
    x-from: env://ONE
  two:
    external: true
    x-from: env://TWO
  gone:
    external: true
    name: gone_v7
configs:
  shim:
    external: true
    name: shim_v3
`

// Pins must be carried over to what is still declared, and nothing else as long as
// nobody edited an x-from.
func TestPinsAreCarriedOver(t *testing.T) {
	stack, want := declared(), declared()
	entryMap(entryMap(want["secrets"])["one"])["name"] = "one_v2"
	entryMap(entryMap(want["configs"])["shim"])["name"] = "shim_v3"
	CarryOver(stack, []byte(ours(stackBefore)))
	if diff := cmp.Diff(want, stack); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An edited x-from must be carried over, in either form.
func TestEditedSourcesAreCarriedOver(t *testing.T) {
	edited := strings.NewReplacer(
		"x-from: env://ONE", "x-from:\n      - awssecrets://a$$b\n      - env://ONE",
		"env://TWO", "vault://kv/app#/two",
	).Replace(ours(stackBefore))
	stack, want := declared(), declared()
	entryMap(entryMap(want["secrets"])["one"])["name"] = "one_v2"
	entryMap(entryMap(want["secrets"])["one"])["x-from"] = []any{"awssecrets://a$b", "env://ONE"}
	entryMap(entryMap(want["secrets"])["two"])["x-from"] = "vault://kv/app#/two"
	entryMap(entryMap(want["configs"])["shim"])["name"] = "shim_v3"
	CarryOver(stack, []byte(edited))
	if diff := cmp.Diff(want, stack); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A file of somebody else must change nothing.
func TestNothingIsCarriedOverFromAForeignFile(t *testing.T) {
	stack, want := declared(), declared()
	CarryOver(stack, []byte(stackBefore))
	CarryOver(stack, nil)
	if diff := cmp.Diff(want, stack); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A pin of another prefix must not be carried over.
func TestPinOfAnotherPrefixIsNotCarriedOver(t *testing.T) {
	stack := declared()
	entryMap(entryMap(stack["secrets"])["one"])["name"] = "shop_one"
	CarryOver(stack, []byte(ours(stackBefore)))
	if pin := entryMap(entryMap(stack["secrets"])["one"])["name"]; pin != "shop_one" {
		t.Errorf("the pin of another prefix is taken: %v", pin)
	}
}
