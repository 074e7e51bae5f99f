package stackfile

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// comment gives the key and the value at path their comments.
func (r *renderer) comment(path []string, key, value *yaml.Node) {
	if r.layout == nil {
		return
	}
	from := slices.Clone(path)
	last := len(from) - 1
	from[last] = r.original(from[:last], from[last])
	ofKey, ofValue := r.layout.Comment(from)
	r.carry(ofKey, key)
	r.carry(ofValue, value)
	if value.Kind != yaml.ScalarNode && value.HeadComment != "" && value.Style&yaml.FlowStyle != 0 {
		// There is no place for it before a bracket.
		key.HeadComment, value.HeadComment = joined(key.HeadComment, value.HeadComment), ""
	}
}

// carry gives to the comments of from, a node of the source. What an anchor or extends
// repeats has its comment where it comes first, once.
func (r *renderer) carry(from, to *yaml.Node) {
	if from == nil || r.carried[from] {
		return
	}
	r.carried[from] = true
	to.HeadComment, to.LineComment, to.FootComment = from.HeadComment, from.LineComment, from.FootComment
}

// joined is two comments as one.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// hasComment reports whether a comment is below node.
func hasComment(node *yaml.Node) bool {
	return slices.ContainsFunc(node.Content, func(child *yaml.Node) bool {
		return child.HeadComment != "" || child.LineComment != "" || child.FootComment != "" || hasComment(child)
	})
}
