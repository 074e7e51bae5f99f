package verdict

import (
	"errors"
	"fmt"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Candidate is one variable to be judged.
type Candidate struct {
	Service string       // "" for a variable which only Compose interpolates
	Image   string       // "" for a service that is built from source
	Name    string       // as written: case, dots and colons count
	Value   secret.Value // resolved; empty means that the name alone decides
	Made    bool         // with variables, which may have no value yet: redis://:@host is to get a password then
}

// Policy is what the user has decided beforehand: globs over VARIABLE or
// service.VARIABLE, in which '*' stands for any text and '?' for one character.
// Of several globs that match, the one with the most literal characters wins,
// so that *_KEY and PUBLIC_KEY can stand side by side; on a tie it is secret.
// The zero Policy decides nothing.
type Policy struct {
	Secret, Plain []string
	Written       *Policy // what the compose file itself says, where the user's globs say nothing; nil for nothing
}

// Check reports all globs that cannot work, and those that stand in both lists,
// joined and in the order of the lists.
func (p Policy) Check() error {
	var faults []error
	for _, pattern := range slices.Concat(p.Secret, p.Plain) {
		if err := images.CheckGlob(pattern); err != nil {
			faults = append(faults, err)
		}
	}
	for _, pattern := range p.Secret {
		if slices.Contains(p.Plain, pattern) {
			faults = append(faults, fmt.Errorf("%s: called secret and plain; keep one of the two", pattern))
		}
	}
	return errors.Join(faults...)
}

// Judge gives the verdict of the first rule that matches: the user's globs
// first, then the table of rules in its order. A placeholder or a default is
// judged like the value that will replace it in production.
func (p Policy) Judge(c Candidate) transform.Finding {
	if f, ok := p.decided(c); ok {
		return f
	}
	if f, ok := firstMatch(rules, newSubject(c)); ok {
		return f
	}
	return transform.Finding{Verdict: transform.Plain, Rule: "default:plain"}
}

// decided applies the user's globs.
func (p Policy) decided(c Candidate) (transform.Finding, bool) {
	isSecret, isPlain := weightiest(p.Secret, c), weightiest(p.Plain, c)
	switch {
	case isSecret < 0 && isPlain < 0:
		return p.written(c)
	case isSecret >= isPlain:
		return transform.Finding{Verdict: transform.Secret, Rule: transform.RuleUserSecret}, true
	default:
		return transform.Finding{Verdict: transform.Plain, Rule: transform.RuleUserPlain}, true
	}
}

// written applies the globs of the compose file.
func (p Policy) written(c Candidate) (transform.Finding, bool) {
	if p.Written == nil {
		return transform.Finding{}, false
	}
	f, ok := p.Written.decided(c)
	if f.Rule = transform.RuleFilePlain; f.Verdict == transform.Secret {
		f.Rule = transform.RuleFileSecret
	}
	return f, ok
}

// weightiest is the weight of the heaviest pattern that matches c, or -1.
func weightiest(patterns []string, c Candidate) int {
	best := -1
	for _, pattern := range patterns {
		w := images.GlobWeight(pattern)
		if w > best && (images.GlobMatch(pattern, c.Name) || c.Service != "" && images.GlobMatch(pattern, c.Service+"."+c.Name)) {
			best = w
		}
	}
	return best
}
