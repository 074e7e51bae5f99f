package stackfile

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// topOrder is the order of the top level: what it is, what runs, what that needs.
var topOrder = []string{"x-stack", "version", "services", "networks", "volumes", "configs", "secrets", "x-inline", "x-in-clear", UnreadKey, madeKey} //nolint:gochecknoglobals // a table, never written

// body is model as YAML.
func (f File) body(model map[string]any) ([]byte, error) {
	r := renderer{layout: f.Layout, renamed: map[string]string{}, carried: map[*yaml.Node]bool{}}
	for _, one := range f.Renamed {
		r.renamed[one.Service+"\x00"+one.To] = one.From
	}
	root := r.mapping(nil, model, inOrder(slices.Collect(maps.Keys(model)), topOrder))
	if f.Layout != nil {
		root.HeadComment = f.Layout.Head()
		fold(root, f.Layout.Anchors())
		document.Each(root, func(key, value *yaml.Node) {
			if value.Anchor != "" {
				r.comment([]string{key.Value}, key, value)
			}
		})
	}
	text, err := encode(root)
	if err != nil || f.Layout == nil {
		return text, err
	}
	return spaced(text, root, f.Layout), nil
}

// inOrder returns keys in the order of table, and those that it has not at the end, sorted.
func inOrder(keys, table []string) []string {
	var all []string
	for _, key := range table {
		if slices.Contains(keys, key) {
			all = append(all, key)
		}
	}
	slices.Sort(keys)
	return append(all, slices.DeleteFunc(keys, func(key string) bool { return slices.Contains(table, key) })...)
}

// renderer turns a model into nodes, asking the layout how the source had them.
type renderer struct {
	layout  Layout
	renamed map[string]string   // service and variable → the variable in whose place it stands
	carried map[*yaml.Node]bool // nodes of the source whose comments are written
}

func (r *renderer) node(path []string, value any) *yaml.Node {
	switch v := value.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		if isFile(path) {
			return r.mapping(path, v, inOrder(keys, fileOrder))
		}
		return r.mapping(path, v, r.order(path, keys))
	case []any:
		return r.sequence(path, v)
	case []string:
		items := make([]any, len(v))
		for i, one := range v {
			items[i] = one
		}
		return r.sequence(path, items)
	case string:
		return textNode(v)
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	case float64:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: strconv.FormatFloat(v, 'g', -1, 64)}
	case float32:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: strconv.FormatFloat(float64(v), 'g', -1, 32)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(value)}
}

func (r *renderer) mapping(path []string, m map[string]any, keys []string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range keys {
		below := append(slices.Clone(path), key)
		name := textNode(key)
		name.Value = key // never doubled: the stack loader does not interpolate keys
		value := r.node(below, m[key])
		if isFileMode(below) {
			octal(value)
		}
		r.comment(below, name, value)
		node.Content = append(node.Content, name, value)
	}
	if len(keys) == 0 || isShimFile(m) {
		r.oneLine(node)
	}
	return node
}

// isShimFile tells whether m is an entry of a service's secrets: that gives it variables.
// People read one line for each.
func isShimFile(m map[string]any) bool {
	target, _ := m["target"].(string)
	return m["source"] != nil && transform.ShimVariables(target) != nil
}

func (r *renderer) sequence(path []string, items []any) *yaml.Node {
	node := &yaml.Node{Kind: yaml.SequenceNode}
	for i, item := range items {
		one := r.node(append(slices.Clone(path), strconv.Itoa(i)), item)
		if text, ok := item.(string); ok && r.layout != nil {
			key, _, _ := strings.Cut(text, "=")
			r.carry(r.layout.Item(path, r.original(path, key)), one)
		}
		node.Content = append(node.Content, one)
	}
	if len(items) == 0 || r.onOneLine(path) || isShortFrom(path, node) {
		r.oneLine(node)
	}
	return node
}

// onOneLine tells whether the list at path is written as [a, b]: as the author had
// it, and where there is no author, as people write such lists.
func (r *renderer) onOneLine(path []string) bool {
	if r.layout != nil {
		if flow, found := r.layout.Flow(path); found {
			return flow
		}
	}
	return isArgv(path)
}

// oneLine writes a list or mapping on one line, unless a comment is in it.
func (r *renderer) oneLine(node *yaml.Node) {
	if !hasComment(node) {
		node.Style = yaml.FlowStyle
	}
}

// isArgv tells whether path is a list that people write on one line.
func isArgv(path []string) bool {
	if len(path) < 3 || path[0] != "services" {
		return false
	}
	last := path[len(path)-1]
	return last == "command" || last == "entrypoint" || last == "test"
}

// original is the variable in whose place key stands at path.
func (r *renderer) original(path []string, key string) string {
	if len(path) == 3 && path[2] == "environment" {
		if from, ok := r.renamed[path[1]+"\x00"+key]; ok {
			return from
		}
	}
	return key
}

// order sorts keys as the source had them; a renamed one keeps its place.
func (r *renderer) order(path, keys []string) []string {
	if r.layout == nil {
		slices.Sort(keys)
		return keys
	}
	back := map[string]string{}
	originals := make([]string, len(keys))
	for i, key := range keys {
		originals[i] = r.original(path, key)
		if _, twice := back[originals[i]]; twice {
			originals[i] = key
		}
		back[originals[i]] = key
	}
	originals = r.layout.Order(path, originals)
	for i, original := range originals {
		originals[i] = back[original]
	}
	return originals
}

// textNode is text as the stack loader must read it back: "$" doubled, ${NAME}
// for a seal, quoted where YAML 1.1 or 1.2 would take it for anything else.
func textNode(text string) *yaml.Node {
	text = seal.EachKept(text, func(plain string) string { return strings.ReplaceAll(plain, "$", "$$") })
	text = seal.Replace(text, func(name string) string { return "${" + strings.ToUpper(name) + "}" })
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	switch {
	case strings.Contains(text, "\n"):
		node.Style = yaml.LiteralStyle
	case document.Ambiguous(text):
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}
