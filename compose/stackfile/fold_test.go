package stackfile

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// anchored is a layout of a source that has anchors, and nothing else.
type anchored []Anchor

func (a anchored) Order(_, keys []string) []string            { return keys }
func (a anchored) Head() string                               { return "" }
func (a anchored) Flow([]string) (flow, found bool)           { return false, false }
func (a anchored) Comment([]string) (key, value *yaml.Node)   { return nil, nil }
func (a anchored) Item([]string, string) *yaml.Node           { return nil }
func (a anchored) Separated([]string) (separated, known bool) { return false, false }
func (a anchored) Anchors() []Anchor                          { return a }

// invented is a stack of services that are much alike, and anchors that say that they
// share what they may not share.
func invented(r *rand.Rand) (map[string]any, anchored) {
	text := func() any { return []any{"a", "b", "$c", "", "no", "one\ntwo\n"}[min(r.IntN(9), 5)] }
	var block func(depth int) any
	block = func(depth int) any {
		switch kind := r.IntN(4); {
		case kind == 0 || depth == 0:
			return text()
		case kind == 1:
			return []any{text(), text(), "x"}
		}
		m := map[string]any{}
		for i := range r.IntN(5) {
			m[string(rune('k'+i))] = block(depth - 1)
		}
		return m
	}
	shared := []any{block(3), block(3), block(2)}
	services := map[string]any{}
	var uses [3][][]string
	for i := range 2 + r.IntN(5) {
		name := fmt.Sprintf("s%d", i)
		service := map[string]any{"image": text()}
		for j, one := range shared {
			key := string(rune('x' + j))
			service[key] = one
			if m, ok := one.(map[string]any); ok && r.IntN(3) == 0 {
				m = maps.Clone(m)
				m[string(rune('k'+r.IntN(6)))] = block(1)
				service[key] = m
			}
			uses[j] = append(uses[j], []string{"services", name, key})
			uses[r.IntN(3)] = append(uses[r.IntN(3)], []string{"services", name})
		}
		services[name] = service
	}
	return map[string]any{"services": services, "x-b": "taken"}, anchored{
		{Name: "a", Key: "x-a", Uses: uses[0]}, {Name: "b", Key: "x-b", Uses: uses[1]}, {Name: "a", Uses: uses[2]},
	}
}

// What is shared must be read as if it were written out, by a YAML decoder and by our
// own readers; and some of it must be shared.
func TestFoldedIsReadAsWrittenOut(t *testing.T) {
	folded := 0
	for seed := range uint64(400) {
		stack, anchors := invented(rand.New(rand.NewPCG(seed, 1)))
		plain, err := File{Stack: stack}.Render()
		if err != nil {
			t.Fatal(err)
		}
		short, err := File{Stack: stack, Layout: anchors}.Render()
		if err != nil {
			t.Fatal(err)
		}
		folded += bytes.Count(short, []byte("<<:")) + bytes.Count(short, []byte(": *"))
		want, got := decoded(t, plain), decoded(t, short)
		maps.DeleteFunc(got, func(key string, _ any) bool { return key != "services" && key != "x-b" })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: (-want +got)\n%s\n%s", seed, diff, short)
		}
		_, services, err := ParseServices(plain)
		if err != nil {
			t.Fatal(err)
		}
		_, ours, err := ParseServices(short)
		for name, service := range ours {
			service.Line = services[name].Line
			ours[name] = service
		}
		if diff := cmp.Diff(services, ours); diff != "" || err != nil {
			t.Fatalf("seed %d: %v (-want +got)\n%s\n%s", seed, err, diff, short)
		}
	}
	if folded < 400 {
		t.Errorf("%d merges and aliases in 400 files", folded)
	}
}

func decoded(t *testing.T, content []byte) map[string]any {
	t.Helper()
	var model map[string]any
	if err := yaml.Unmarshal(content, &model); err != nil {
		t.Fatalf("%v\n%s", err, content)
	}
	return model
}

// A fragment must stand above those that use it, with a name that nothing else has.
func TestFragmentsAreDeclaredBeforeTheyAreUsed(t *testing.T) {
	for seed := range uint64(100) {
		stack, anchors := invented(rand.New(rand.NewPCG(seed, 2)))
		text, err := File{Stack: stack, Layout: anchors}.Render()
		if err != nil {
			t.Fatal(err)
		}
		docs, err := document.Parse("", text) // fails for an alias without an anchor above
		if err != nil || strings.Count(string(text), "&a\n") > 1 {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		seen := map[string]bool{}
		document.Each(docs[0], func(key, _ *yaml.Node) {
			if seen[key.Value] {
				t.Fatalf("seed %d: %s occurs twice\n%s", seed, key.Value, text)
			}
			seen[key.Value] = true
		})
	}
}
