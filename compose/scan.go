package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// scan is the last check before a sealed application leaves this package. It fails
// if the value of a secret is left anywhere, and names every place: nothing may be
// written then.
func scan(model map[string]any, layout *Layout, l *literals) error {
	s := scanner{literals: l}
	s.value("", model)
	for _, b := range layout.tree.all() {
		for _, doc := range b.docs() {
			s.node(layout.tree.show(b.path), doc, map[*yaml.Node]bool{})
		}
	}
	slices.SortFunc(s.faults, func(a, b error) int { return len(a.Error()) - len(b.Error()) })
	return errors.Join(s.faults...)
}

type scanner struct {
	literals *literals
	faults   []error
}

func (s *scanner) value(path string, value any) {
	switch v := value.(type) {
	case string:
		if s.literals.in(v) {
			s.fault(path)
		}
	case map[string]any:
		for key, entry := range v {
			if s.literals.in(key) || s.literals.disguise(key) {
				s.fault(path + ".*")
				continue
			}
			s.value(joinPath(path, key), entry)
		}
	case []any:
		for i, item := range v {
			s.item(fmt.Sprintf("%s[%d]", path, i), item, isNamedList(path))
		}
	}
}

func (s *scanner) node(file string, node *yaml.Node, done map[*yaml.Node]bool) {
	if node == nil || done[node] {
		return
	}
	done[node] = true
	for _, text := range []string{node.Value, node.HeadComment, node.LineComment, node.FootComment} {
		if s.literals.in(text) {
			s.fault(fmt.Sprintf("%s:%d", file, node.Line))
		}
	}
	for _, child := range node.Content {
		s.node(file, child, done)
	}
}

func (s *scanner) fault(where string) {
	s.faults = append(s.faults, fmt.Errorf("%s: the value of a secret is here and cannot be replaced; nothing was written. Change it there, or mark the variable as plain with --plain", where))
}

// item looks at an item of a list, whose name must be no secret in another form.
func (s *scanner) item(path string, item any, named bool) {
	if name, _, _ := strings.Cut(asText(item), "="); named && s.literals.disguise(name) {
		s.fault(path)
		return
	}
	s.value(path, item)
}

// isNamedList tells whether the items of a list at path are NAME=VALUE or NAME.
func isNamedList(path string) bool {
	return strings.HasSuffix(path, ".environment") || strings.HasSuffix(path, ".labels")
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
