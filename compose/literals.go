package compose

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// literals finds the values of secrets where people wrote them out: in a command,
// a label, a config's content, a comment. The values are in closures, as in a
// secret.Value, so that no dump shows them.
type literals struct {
	seal     func(text string) string  // replaces each distinctive value by its seal
	inRemark func(text string) bool    // text holds a value because of which its comment is dropped
	secretOf func(value string) string // the secret that has exactly this value; "" for none
	nothing  bool                      // no value is distinctive
	disguise func(text string) bool    // text holds a part of a secret, or a value in another form: nothing can be put in its place
	judgment verdict.Policy
}

// minComment is the least length in bytes of a value because of which a comment is
// dropped.
const minComment = 4

func newLiterals(values []classify.Sealed, disguises ...secret.Value) *literals {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b classify.Sealed) int { return b.Value.Len() - a.Value.Len() })
	var pairs []string
	var long []secret.Value
	names := map[string]string{}
	for _, v := range values {
		text := v.Value.Reveal()
		names[text] = v.Secret
		if len(text) >= minComment {
			long = append(long, v.Value)
		}
		if verdict.Distinctive(v.Value) {
			pairs = append(pairs, text, seal.Of(v.Secret))
		}
	}
	return &literals{
		seal:     strings.NewReplacer(pairs...).Replace,
		inRemark: verdict.NewFinder(long).Found,
		secretOf: func(value string) string { return names[value] },
		nothing:  len(pairs) == 0,
		disguise: verdict.NewFinder(disguises).Found,
	}
}

// sealModel replaces values in every text of model, in place. Keys stay.
func (l *literals) sealModel(model map[string]any) {
	if !l.nothing {
		l.sealValue(model)
	}
}

func (l *literals) sealValue(value any) any {
	switch v := value.(type) {
	case string:
		return l.seal(v)
	case map[string]any:
		for key, entry := range v {
			v[key] = l.sealValue(entry)
		}
	case []any:
		for i, item := range v {
			v[i] = l.sealValue(item)
		}
	}
	return value
}

// in tells whether text holds a distinctive value.
func (l *literals) in(text string) bool {
	return !l.nothing && l.seal(text) != text
}

// harmless tells whether a comment may be carried over: it holds no value, and nothing
// in it may be a credential.
func (l *literals) harmless(comment string) bool {
	if l.inRemark(comment) || l.disguise(comment) || verdict.CommentTells(comment) {
		return false
	}
	for line := range strings.Lines(comment) {
		if l.assigns(line) {
			return false
		}
	}
	return true
}
