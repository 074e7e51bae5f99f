package secret

import (
	"errors"
	"slices"
	"strings"
)

// Reference names the place where a value comes from, as x-from: writes it:
//
//	SCHEME://PATH[?KEY=VALUE[&KEY=VALUE]…][#FRAGMENT]
//
// PATH and FRAGMENT are kept as written: AWS ARNs hold colons, env files lie in folders
// with blanks, and both are common. Only "#", "?" and "&" are escaped in PATH and VALUE,
// as %23, %3F and %26.
type Reference struct {
	Scheme   string
	Path     string
	Query    []Param
	Fragment string
}

// Param is one KEY=VALUE of a Reference's query. A key may stand more than once.
type Param struct{ Key, Value string }

// A path or an argument may hold the characters that end it. Only those are escaped,
// and "%" only where it would be read as an escape: a place is written as people know
// it, file://50%.txt.
//
//nolint:gochecknoglobals // tables, never written
var (
	escape   = strings.NewReplacer("#", "%23", "?", "%3F", "&", "%26", "%23", "%2523", "%3F", "%253F", "%26", "%2526", "%25", "%2525")
	unescape = strings.NewReplacer("%23", "#", "%3F", "?", "%26", "&", "%25", "%")
)

// errReference quotes nothing: what fails to parse may be a secret itself.
var errReference = errors.New("not a reference; write SCHEME://PATH[?KEY=VALUE][#FRAGMENT]")

// ParseReference reads text. A leading "ref+", which users of vals know, is
// dropped. The error does not quote the text.
func ParseReference(text string) (Reference, error) {
	scheme, rest, found := strings.Cut(strings.TrimPrefix(text, "ref+"), "://")
	if !found || !isScheme(scheme) {
		return Reference{}, errReference
	}
	ref := Reference{Scheme: scheme}
	rest, ref.Fragment, _ = strings.Cut(rest, "#")
	path, query, _ := strings.Cut(rest, "?")
	ref.Path = unescape.Replace(path)
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return Reference{}, errReference
		}
		ref.Query = append(ref.Query, Param{Key: key, Value: unescape.Replace(value)})
	}
	if ref.Path == "" && ref.Fragment == "" {
		return Reference{}, errReference
	}
	return ref, nil
}

func isScheme(text string) bool {
	if text == "" {
		return false
	}
	for _, r := range text {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// Param returns the values of key in the order written, or nil.
func (r Reference) Param(key string) []string {
	var values []string
	for _, p := range r.Query {
		if p.Key == key {
			values = append(values, p.Value)
		}
	}
	return values
}

// String writes the reference so that ParseReference reads it back.
func (r Reference) String() string {
	if len(r.Query) == 0 && r.Fragment == "" {
		return r.Scheme + "://" + escaped(r.Path)
	}
	var b strings.Builder
	b.WriteString(r.Scheme + "://" + escaped(r.Path))
	for i, p := range r.Query {
		sep := "&"
		if i == 0 {
			sep = "?"
		}
		b.WriteString(sep + p.Key + "=" + escaped(p.Value))
	}
	if r.Fragment != "" {
		b.WriteString("#" + r.Fragment)
	}
	return b.String()
}

// escaped is what escape makes of text. Most texts need nothing, and a large application
// has tens of thousands of references.
func escaped(text string) string {
	if !strings.ContainsAny(text, "#?&%") {
		return text
	}
	return escape.Replace(text)
}

// IsZero tells whether the reference names no place.
func (r Reference) IsZero() bool { return r.Scheme == "" }

// Same tells whether both name the same place in the same words.
func (r Reference) Same(other Reference) bool {
	return r.Scheme == other.Scheme && r.Path == other.Path && r.Fragment == other.Fragment && slices.Equal(r.Query, other.Query)
}
