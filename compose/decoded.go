package compose

import (
	"maps"
	"slices"
	"strings"

	interp "github.com/compose-spec/compose-go/v2/interpolation"
	treepath "github.com/compose-spec/compose-go/v2/tree"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/secret"
)

// casts are compose-go's conversions of interpolated texts, by the pattern of their path.
type casts = map[treepath.Path]interp.Cast

// decode notes what the nodes of t give compose-go.
func (s *sources) decode(t *tree) {
	for i, b := range t.branches {
		s.files[i].decoded = decode(b.docs())
	}
	var known casts
	s.needed = func(all casts) casts {
		if known == nil {
			known = t.neededCasts(all)
		}
		return known
	}
}

// decoded is what one file's nodes give compose-go, which would parse the file anew three
// times in each load. It holds the text of the file, so it is in closures.
type decoded struct {
	config func() map[string]any // nil where compose-go has to parse the file itself
	name   secret.Value          // the project's name that the file gives, empty for none
	first  secret.Value          // the name in its first document
}

// decode returns what compose-go would make of docs, the documents of one file.
func decode(docs []*yaml.Node) decoded {
	p := decoded{name: projectNameIn(docs...), first: projectNameIn(docs[:min(1, len(docs))]...)}
	if len(docs) != 1 || !isPlain(docs[0]) {
		return p
	}
	var config map[string]any
	if docs[0].Decode(&config) == nil && config != nil {
		p.config = func() map[string]any { return config }
	}
	return p
}

// projectNameIn returns the last name that docs give the project, as compose-go reads it.
func projectNameIn(docs ...*yaml.Node) secret.Value {
	name := ""
	for _, doc := range docs {
		var named struct {
			Name string `yaml:"name"`
		}
		if doc.Decode(&named) != nil {
			break
		}
		if named.Name != "" {
			name = named.Name
		}
	}
	return secret.NewValue(name)
}

// content returns what is left for compose-go to parse where it has the config: the name
// of the project, which it looks for in the text only.
func (p decoded) content() []byte {
	if p.name.Empty() {
		return []byte("{}")
	}
	text, err := yaml.Marshal(map[string]string{"name": p.name.Reveal()})
	if err != nil {
		return nil // not seen: it is a text
	}
	return text
}

// isPlain reports whether a decoder reads the document as compose-go does: nothing in it
// is tagged !reset or !override, no key is there twice, and each merge is of a mapping.
func isPlain(doc *yaml.Node) bool {
	seen := map[*yaml.Node]bool{}
	var plain func(node *yaml.Node) bool
	plain = func(node *yaml.Node) bool {
		if node == nil || seen[node] {
			return true
		}
		seen[node] = true
		if isTagged(node) {
			return false
		}
		if node.Kind == yaml.MappingNode && !hasPlainKeys(node) {
			return false
		}
		return plain(node.Alias) && !slices.ContainsFunc(node.Content, func(child *yaml.Node) bool { return !plain(child) })
	}
	return doc.Kind == yaml.MappingNode && plain(doc)
}

// isTagged reports whether the author gave node a tag that YAML itself does not know.
func isTagged(node *yaml.Node) bool {
	return strings.HasPrefix(node.Tag, "!") && !strings.HasPrefix(node.Tag, "!!")
}

func hasPlainKeys(mapping *yaml.Node) bool {
	keys := make(map[string]bool, len(mapping.Content)/2)
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		if keys[key.Value] || key.Kind != yaml.ScalarNode {
			return false
		}
		keys[key.Value] = true
		if key.Value == "<<" && document.Follow(value).Kind != yaml.MappingNode {
			return false
		}
	}
	return true
}

// neededCasts returns those of casts that can find a text to cast in the files of t.
// compose-go compares every text with every one of them, and most keys that it would
// cast hold a number or a truth value already. All are returned if a file that a service
// extends is not known.
func (t *tree) neededCasts(all casts) casts {
	t.readBases()
	keys := textKeys{}
	seen := map[*yaml.Node]bool{}
	for _, b := range t.all() {
		for _, doc := range b.docs() {
			keys.add(doc, seen)
		}
	}
	for _, b := range t.bases {
		if b == nil {
			return all
		}
	}
	needed := maps.Clone(all)
	maps.DeleteFunc(needed, func(pattern treepath.Path, _ interp.Cast) bool {
		parts := slices.DeleteFunc(pattern.Parts(), func(part string) bool { return part == treepath.PathMatchAll || part == treepath.PathMatchList })
		return !keys[parts[len(parts)-1]]
	})
	return needed
}

// textKeys are the keys of mappings whose value is a text, or holds one directly.
type textKeys map[string]bool

func (k textKeys) add(node *yaml.Node, seen map[*yaml.Node]bool) {
	if node == nil || seen[node] {
		return
	}
	seen[node] = true
	if node.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(node.Content); i += 2 {
			if value := document.Follow(node.Content[i+1]); isText(value) || value != nil && slices.ContainsFunc(value.Content, isText) {
				k[node.Content[i].Value] = true
			}
		}
	}
	k.add(node.Alias, seen)
	for _, child := range node.Content {
		k.add(child, seen)
	}
}

// isText reports whether node may be decoded to a text.
func isText(node *yaml.Node) bool {
	node = document.Follow(node)
	if node == nil || node.Kind != yaml.ScalarNode {
		return false
	}
	switch node.ShortTag() {
	case "!!int", "!!float", "!!bool", "!!null":
		return false
	}
	return true
}
