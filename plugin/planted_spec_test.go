package plugin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
	"go.yaml.in/yaml/v4"
)

// specPlantings are the keys of the Compose Spec that hold text, from the schema that
// compose-go checks with: a new key is a new place.
func specPlantings(tb testing.TB) []planting {
	tb.Helper()
	return specPlaces(tb, "string")
}

// specPlaces are the keys of the Compose Spec that hold one of types, with % for it.
func specPlaces(tb testing.TB, types ...any) []planting {
	tb.Helper()
	var s map[string]any
	if err := json.Unmarshal([]byte(schema.Schema), &s); err != nil {
		tb.Fatal(err)
	}
	w := specWalk{defs: s["$defs"].(map[string]any), types: types, found: map[string]any{}}
	for _, kind := range []string{"services", "networks", "volumes", "secrets", "configs", "models", "jobs"} {
		w.walk(kind, s["properties"].(map[string]any)[kind], nil, func(inner any) any { return map[string]any{kind: inner} })
	}
	if len(w.found) < 50 {
		tb.Fatalf("%d keys of the Compose Spec hold %v: the schema is not read", len(w.found), types)
	}
	var all []planting
	for _, path := range slices.Sorted(maps.Keys(w.found)) {
		all = append(all, planting{what: path, text: specFile(tb, path, w.found[path])})
	}
	return all
}

// specFile is the compose file with what is at path, used by a service.
func specFile(tb testing.TB, path string, doc any) string {
	tb.Helper()
	file := doc.(map[string]any)
	services, _ := file["services"].(map[string]any)
	if services == nil {
		services = map[string]any{}
		file["services"] = services
	}
	app, _ := services["app"].(map[string]any)
	if app == nil {
		app = map[string]any{}
		services["app"] = app
	}
	if app["image"] == nil {
		app["image"] = "registry.example.com/app:1"
	}
	switch kind, _, _ := strings.Cut(path, "."); kind {
	case "networks", "secrets", "configs":
		app[kind] = []any{"app"}
	case "volumes":
		app[kind] = []any{"app:/data"}
	}
	text, err := yaml.Marshal(file)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "TEXT", "%")
}

// specWalk finds the texts that a JSON schema allows.
type specWalk struct {
	defs  map[string]any
	types []any          // that are looked for
	found map[string]any // path → a document with TEXT there
}

// walk adds the texts below node. refs are the definitions that it is in, and wrap makes
// a document of what is there.
func (w specWalk) walk(path string, node any, refs []string, wrap func(inner any) any) {
	s, _ := node.(map[string]any)
	if ref, _ := s["$ref"].(string); ref != "" {
		if name := ref[strings.LastIndex(ref, "/")+1:]; !slices.Contains(refs, name) {
			w.walk(path, w.defs[name], append(slices.Clip(refs), name), wrap)
		}
		return
	}
	if slices.ContainsFunc(listed(s["type"]), func(kind any) bool { return slices.Contains(w.types, kind) }) {
		w.found[path] = wrap("TEXT")
	}
	for _, key := range []string{"oneOf", "anyOf", "allOf"} {
		for _, choice := range listed(s[key]) {
			w.walk(path, choice, refs, wrap)
		}
	}
	if items := s["items"]; items != nil {
		w.walk(path+"[]", items, refs, func(inner any) any { return wrap([]any{inner}) })
	}
	below := maps.Clone(mapOf(s["properties"]))
	if below == nil {
		below = map[string]any{}
	}
	open := []any{s["additionalProperties"]}
	for pattern, value := range mapOf(s["patternProperties"]) {
		if pattern != "^x-" {
			open = append(open, value)
		}
	}
	for _, value := range open {
		if _, isSchema := value.(map[string]any); isSchema {
			below["app"] = value
		}
	}
	for key, value := range below {
		w.walk(path+"."+key, value, refs, func(inner any) any {
			object := map[string]any{}
			for _, required := range listed(s["required"]) {
				object[required.(string)] = "x"
			}
			object[key] = inner
			return wrap(object)
		})
	}
}

// listed is value as a list: nothing for nil, one item for what is no list.
func listed(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

func mapOf(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}
