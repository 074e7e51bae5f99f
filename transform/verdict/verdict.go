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
	Service      string       // "" for a variable that only Compose interpolates
	Image        string       // "" for a service that is built from source
	Name         string       // as written: case, dots and colons count
	Value        secret.Value // resolved; empty means that the name alone decides
	HasVariables bool         // the value is composed with variables, which may have no value yet: redis://:@host will get a password then
}

// Policy is what the user has decided beforehand: globs over VARIABLE or
// service.VARIABLE, in which '*' stands for any text and '?' for one character.
// Of several globs that match, the one with the most literal characters wins,
// so that *_KEY and PUBLIC_KEY can both be given; on a tie the variable is secret.
// The zero Policy decides nothing.
type Policy struct {
	Secret, Plain []string
	Written       *Policy // of the compose file: asked if the user's globs match nothing; nil for none
}

// Check returns an error for each glob that cannot work and for each that is in both
// lists, joined, in the order of the lists.
func (p Policy) Check() error {
	var faults []error
	for _, pattern := range slices.Concat(p.Secret, p.Plain) {
		if err := images.CheckGlob(pattern); err != nil {
			faults = append(faults, err)
		}
	}
	for _, pattern := range p.Secret {
		if slices.Contains(p.Plain, pattern) {
			faults = append(faults, fmt.Errorf("%s: marked as secret and as plain; keep one", pattern))
		}
	}
	return errors.Join(faults...)
}

// Judge returns the verdict of the first rule that matches: the user's globs
// first, then the table of rules in its order. A placeholder or a default is
// judged like the value that will replace it in production.
func (p Policy) Judge(c Candidate) transform.Finding {
	if f, ok := p.decided(c); ok {
		return f
	}
	if f, ok := firstRule(c); ok {
		return f
	}
	return transform.Finding{Verdict: transform.Plain, Rule: "default:plain"}
}

// decided returns the verdict of the user's globs, then of the compose file's; false if
// none matches.
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

// written returns the verdict of the compose file's globs, false if none matches.
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

// weightiest returns the weight of the heaviest pattern that matches c, -1 for none.
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
