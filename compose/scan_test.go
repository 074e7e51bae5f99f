package compose

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

const still = "kR7xT2mB9vQ4wZ6n"

func knows(texts ...string) *literals {
	var values []classify.Sealed
	for _, text := range texts {
		values = append(values, classify.Sealed{Secret: "one", Value: secret.NewValue(text)})
	}
	return newLiterals(values)
}

// A model or a layout that still holds a secret anywhere must be refused, with its
// place and without the value.
func TestModelWithASecretIsRefused(t *testing.T) {
	clean := func() map[string]any {
		return map[string]any{"services": map[string]any{"a": map[string]any{"image": "x"}}}
	}
	put := func(key string, value any) map[string]any {
		model := clean()
		mapping(mapping(model["services"])["a"])[key] = value
		return model
	}
	for place, model := range map[string]map[string]any{
		"services.a.command":        put("command", "run "+still),
		"services.a.command[1]":     put("command", []any{"run", "--key=" + still}),
		"services.a.labels.*":       put("labels", map[string]any{still: "x"}),
		"services.a.labels.b":       put("labels", map[string]any{"b": still}),
		"services.a.deploy.x.y[0]":  put("deploy", map[string]any{"x": map[string]any{"y": []any{still}}}),
		"services.a.volumes[0].src": put("volumes", []any{map[string]any{"src": "/" + still}}),
	} {
		err := scan(model, &Layout{tree: &tree{}}, knows(still))
		if err == nil || !strings.HasPrefix(err.Error(), place+": ") || strings.Contains(err.Error(), still) {
			t.Errorf("%s: %v", place, err)
		}
	}
	if err := scan(clean(), &Layout{tree: &tree{}}, knows(still)); err != nil {
		t.Errorf("a clean model: %v", err)
	}
}

// The comments and texts of the layout must be looked through too.
func TestLayoutWithASecretIsRefused(t *testing.T) {
	for name, node := range map[string]*yaml.Node{
		"value": {Kind: yaml.ScalarNode, Value: still, Line: 7}, "comment": {Kind: yaml.ScalarNode, LineComment: "# " + still, Line: 7},
	} {
		layout := &Layout{tree: &tree{
			show:     func(path string) string { return path },
			branches: []*branch{{path: "c.yml", docs: closed([]*yaml.Node{{Kind: yaml.SequenceNode, Content: []*yaml.Node{node}}})}},
		}}
		if err := scan(map[string]any{}, layout, knows(still)); err == nil || !strings.HasPrefix(err.Error(), "c.yml:7: ") || strings.Contains(err.Error(), still) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Secrets that stand within one another must all be replaced, the longest first.
func TestSecretsWithinSecretsAreAllSealed(t *testing.T) {
	l := knows(still, still+"-longer-0x", "p@"+still)
	model := map[string]any{"a": still + "-longer-0x", "b": []any{"x p@" + still + " y"}, "c": map[string]any{"d": still}}
	l.sealModel(model)
	if err := scan(model, &Layout{tree: &tree{}}, l); err != nil {
		t.Error(err)
	}
	if text, _ := model["a"].(string); seal.Whole(text) == "" {
		t.Errorf("half a secret is left beside the seal: %d bytes", len(text))
	}
}
