package compose

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// literals find the values of secrets where people wrote them out: in a command,
// a label, a config's content, a comment. Only distinctive values are replaced.
type literals struct {
	seal     *strings.Replacer // distinctive value → seal
	any      []string          // every value of at least four bytes, for comments
	names    map[string]string // value → its secret, for contents
	nothing  bool
	judgment verdict.Policy
}

// minComment is the length from which a value may cost a comment.
const minComment = 4

func newLiterals(values []classify.Sealed) *literals {
	l := &literals{names: map[string]string{}}
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b classify.Sealed) int { return b.Value.Len() - a.Value.Len() })
	var pairs []string
	for _, v := range values {
		text := v.Value.Reveal()
		l.names[text] = v.Secret
		if v.Value.Len() >= minComment {
			l.any = append(l.any, text)
		}
		if verdict.Distinctive(v.Value) {
			pairs = append(pairs, text, seal.Of(v.Secret))
		}
	}
	l.nothing = len(pairs) == 0
	l.seal = strings.NewReplacer(pairs...)
	return l
}

// sealModel replaces in every value of model, in place. Keys stay.
func (l *literals) sealModel(model map[string]any) {
	if !l.nothing {
		l.sealValue(model)
	}
}

func (l *literals) sealValue(value any) any {
	switch v := value.(type) {
	case string:
		return l.seal.Replace(v)
	case map[string]any:
		for key, one := range v {
			v[key] = l.sealValue(one)
		}
	case []any:
		for i, one := range v {
			v[i] = l.sealValue(one)
		}
	}
	return value
}

// in tells whether a distinctive value stands in text.
func (l *literals) in(text string) bool {
	return !l.nothing && l.seal.Replace(text) != text
}

// keepComment tells whether a comment may be carried over: it holds no value, and
// none of its lines looks like the assignment of a secret.
func (l *literals) keepComment(comment string) bool {
	for _, text := range l.any {
		if strings.Contains(comment, text) {
			return false
		}
	}
	for line := range strings.Lines(comment) {
		if l.assigns(line) {
			return false
		}
	}
	return true
}
