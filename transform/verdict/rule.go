package verdict

import (
	"github.com/docker-secrets/docker-secrets/transform"
)

// rule is one row of a table: it gives its verdict if all of its conditions hold. A
// condition that is nil always holds.
type rule struct {
	name    string // as the report prints it: STAGE:SUBJECT
	verdict transform.Verdict
	words   *phrases              // the variable's name, split into words
	value   func(string) bool     // the value; an empty one never matches
	when    func(s *subject) bool // anything that needs both
}

func (r *rule) matches(s *subject) bool {
	return (r.words == nil || r.words.match(s)) && r.holds(s)
}

// holds is matches but for the words.
func (r *rule) holds(s *subject) bool {
	if r.value != nil && (s.value == "" || !r.value(s.value)) {
		return false
	}
	return r.when == nil || r.when(s)
}

// firstMatch returns the finding of the first rule of table that matches s, false if
// none does.
func firstMatch(table []rule, s *subject) (transform.Finding, bool) {
	for i := range table {
		if r := &table[i]; r.matches(s) {
			return transform.Finding{Verdict: r.verdict, Rule: r.name}, true
		}
	}
	return transform.Finding{}, false
}

// rules are all rules in the order in which they are tried, those that are certain
// before those that are likely:
//
//   - referenceRules: the value names a place in a secret manager;
//   - valueVetoes: the value cannot be a secret, whatever the name;
//   - publicNames: the name is public, and the value is not a credential beyond
//     doubt;
//   - valueRules: the value has the shape of a credential;
//   - nameVetoes: the name describes something;
//   - imageRules: the image documents the variable as a credential;
//   - nameRules: the name is that of a credential;
//   - maybeRules: a person has to look.
//
//nolint:gochecknoglobals // a table, never written
var rules = concat(referenceRules, valueVetoes, publicNames, valueRules, nameVetoes, imageRules, nameRules, maybeRules)

func concat(tables ...[]rule) []rule {
	var all []rule
	for _, t := range tables {
		all = append(all, t...)
	}
	return all
}

// subject is a Candidate with what several rules need, computed once.
type subject struct {
	image, name, value string
	hasVariables       bool     // the value is composed with variables
	words              []string // of the name
	stem               []string // words without modifiers (withoutModifiers)
	// answers of unmistakable and generatedCredential: 0 not asked yet, 1 yes, -1 no
	credential, generated int8
}

func newSubjectOf(name, value string) *subject {
	s := &subject{name: name, value: value, words: splitWords(name)}
	s.stem = withoutModifiers(s.words)
	return s
}

// unmistakable reports whether the value is a credential beyond doubt, so that no
// name can make it plain: a URL or connection string with a password, a private
// key, a token with the prefix that a vendor gives to secret ones only.
func (s *subject) unmistakable() bool {
	if s.credential == 0 {
		s.credential = -1
		if v := s.value; v != "" && isUnmistakable(v) {
			s.credential = 1
		}
	}
	return s.credential > 0
}

func isUnmistakable(v string) bool {
	for _, f := range certainFinders {
		if f.tells(v) {
			return true
		}
	}
	return false
}

func mistakable(s *subject) bool { return !s.unmistakable() }
