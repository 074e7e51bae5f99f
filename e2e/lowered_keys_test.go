package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// uncovered are keys that no sample has, and why.
var uncovered = map[string]string{
	"version": "migrate writes it", "x-stack": "migrate writes it", "include": "a list, see extends-include",
	"services.*.credential_spec": "for Windows", "secrets.*.driver": "needs a plugin", "secrets.*.driver_opts": "needs a plugin",
	"secrets.*.template_driver": "needs a plugin", "secrets.*.labels": "needs a plugin",
	"configs.*.template_driver": "in a test of lower",
	"services.*.extends":        "see extends-include", "services.*.label_file": "see label-file",
}

var keptRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (?:kept|rewritten) \\|")

// Every key that a stack has or says in other words must be in a sample.
func TestLoweredCoversKeys(t *testing.T) {
	page, err := os.ReadFile("../docs/compose-keys.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := keptRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 100 {
		t.Fatalf("%d keys on the page, too few to be all", len(rows))
	}
	var models []any
	for _, s := range readSamples(t, "lowered", samplesWanted) {
		for name, text := range s.files {
			var model any
			if strings.HasSuffix(name, ".yml") && yaml.Unmarshal([]byte(text), &model) == nil {
				models = append(models, model)
			}
		}
	}
	for _, row := range rows {
		key := row[1]
		ours := strings.Contains(key, ".x-")
		if ours || uncovered[key] != "" || strings.HasPrefix(key, "services.*.credential_spec.") {
			continue
		}
		if !has(models, strings.Split(strings.ReplaceAll(key, "[]", ".[]"), ".")) {
			t.Errorf("%s is in no sample", key)
		}
	}
}

// has tells whether one of nodes has something at a path of the page.
func has(nodes []any, path []string) bool {
	for _, name := range path {
		var below []any
		for _, node := range nodes {
			below = append(below, children(node, name)...)
		}
		nodes = below
	}
	return len(nodes) > 0
}

func children(node any, name string) []any {
	list, _ := node.([]any)
	if name == "[]" {
		return list
	}
	var found []any
	mapping, _ := node.(map[string]any)
	for key, value := range mapping {
		if key == name || name == "*" {
			found = append(found, value)
		}
	}
	return found
}
