package compose

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// explain turns an error of the first load, which may quote any value, into one
// that quotes none: the load is repeated with everything sealed that may be a
// secret, and that load's error is shown. seen is what the first load
// interpolated before it failed.
func (a *Application) explain(ctx context.Context, cause error, seen recorder, policy transform.Policy) error {
	var missing *missingError
	if errors.As(cause, &missing) {
		return a.missingVariable(missing)
	}
	everything := transform.Policy{Secret: []string{"*"}}
	for _, policy := range []transform.Policy{policy, everything} {
		sealing := a.suspects(seen, policy)
		s := sealer{app: a, sealing: sealing}
		if _, _, err := a.src.model(ctx, s.environment(), s.substitute); err != nil {
			return a.readable(err, newLiterals(sealing.Values()))
		}
	}
	return errors.New("the application does not load, and only the value of one of its variables can be why: look at ports, sizes and names that are made with ${…}")
}

// suspects seals what the first load interpolated and what environment: spells
// out, unless policy calls it plain.
func (a *Application) suspects(seen recorder, policy transform.Policy) transform.Sealing {
	var in transform.Input
	for u := range seen {
		in.Interpolated = append(in.Interpolated, transform.Interpolated{Name: u.name, Value: secret.NewValue(u.text)})
	}
	for _, b := range a.tree.branches {
		for _, doc := range b.docs {
			services := a.tree.child(b, doc, "services")
			for _, name := range a.tree.keys(services) {
				block := a.tree.descend(b, doc, []string{"services", name, "environment"})
				for _, key := range a.tree.keys(block) {
					raw, _ := rawEntry(a.tree.child(b, block.node, key))
					in.Variables = append(in.Variables, transform.Variable{Service: name, Name: key, Value: secret.NewValue(raw), Set: true})
				}
			}
		}
	}
	policy.Secret = append(doubtful(in, policy), policy.Secret...)
	_, sealing := transform.Classify(in, policy)
	return sealing
}

// doubtful are the names of in that are a maybe under policy.
func doubtful(in transform.Input, policy transform.Policy) []string {
	var found []string
	for _, x := range in.Interpolated {
		if policy.Judge(transform.Candidate{Name: x.Name, Value: x.Value}).Verdict == transform.Maybe {
			found = append(found, x.Name)
		}
	}
	return found
}

func (a *Application) missingVariable(missing *missingError) error {
	if where := a.tree.uses(missing.name); where != "" {
		return fmt.Errorf("%s: %w", where, missing)
	}
	return missing
}

var absolutePath = regexp.MustCompile(`(?:^|[\s"'])(/[^\s"':]+)`)

// readable rewrites compose-go's text: seals become the variables they stand
// for, with the line that uses the first; paths are shown as people wrote them;
// the value of a literal secret, which no seal replaced, hides the whole text.
func (a *Application) readable(err error, l *literals) error {
	text := err.Error()
	if l.in(text) {
		return errors.New("compose-go refuses the application; its words hold the value of a secret and are not shown")
	}
	where := ""
	if found := transform.Seals(text); len(found) > 0 {
		if where = a.tree.uses(strings.ToUpper(found[0])); where != "" {
			where += ": "
		}
		text += "; a secret cannot stand here: use another variable, or call it plain with --plain"
	}
	text = transform.ReplaceSeals(text, func(name string) string { return "${" + strings.ToUpper(name) + "}" })
	text = absolutePath.ReplaceAllStringFunc(text, func(match string) string {
		start := strings.IndexByte(match, '/')
		return match[:start] + a.src.show(filepath.Clean(match[start:]))
	})
	return errors.New(where + text)
}

// uses is FILE:LINE of the first scalar that interpolates name, "" for none.
func (t *tree) uses(name string) string {
	for _, b := range t.branches {
		for _, doc := range b.docs {
			if p := firstUse(doc, name); p != nil {
				return t.at(place{branch: b, node: p})
			}
		}
	}
	return ""
}
