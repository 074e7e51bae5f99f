package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/prove"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// prove compares what the stack file in content gives each variable with what Compose
// does. A difference is a fault of docker secrets, or a place that no reference can
// name: nothing is written then.
func (m *migration) prove(app *compose.Application, content []byte, sources prove.Sources) error {
	if m.memory.Placeholder(string(content)) {
		return errors.New("a secret whose value is not available here would be in plaintext; migrate where its value is, or mark it as secret")
	}
	wants := slices.Concat(m.wantedVariables(app), m.wantedSecrets(app), m.wantedContents())
	skip := map[string]bool{}
	for name := range m.otherSources {
		skip[name] = true
	}
	written, err := prove.Parse(content)
	if err != nil {
		return err
	}
	faults, err := written.Bytes(wants, skip, sources, app.Lookup)
	if err != nil {
		return err
	}
	var lines []error
	for _, fault := range faults {
		where := "secret " + fault.Secret
		if fault.Config != "" {
			where = m.layout.Line("configs." + fault.Config)
		} else if fault.Service != "" {
			where = m.layout.Line("services." + fault.Service + ".environment." + fault.Variable)
		}
		lines = append(lines, fmt.Errorf("%s: not what docker compose gives: %s", where, fault.Reason))
	}
	for _, path := range m.memory.Lost(content) {
		lines = append(lines, fmt.Errorf("%s: the stack file reads a secret here whose value is not available, so that a copy of it cannot be found; migrate where its value is", m.layout.Line(path)))
	}
	for _, place := range written.Nothing(m.accounted(app)) {
		what := "a credential would be in plaintext here"
		if place.Comment {
			what = "a comment with a credential would be in plaintext here"
		}
		lines = append(lines, fmt.Errorf("%s: %s, and nothing was written; remove it, or mark it as plain with --plain %s", m.layout.Line(place.Path), what, place.Path))
	}
	return errors.Join(lines...)
}

// wantedVariables are the variables of services whose values are known here.
func (m *migration) wantedVariables(app *compose.Application) []prove.Want {
	wants := make([]prove.Want, 0, len(app.Input.Variables))
	for i, v := range app.Input.Variables {
		if v.Set && !v.Partial() && !m.unsure(app, v) {
			wants = append(wants, prove.Want{Service: v.Service, Image: m.decisions.Variables[i].Image, Variable: v.Name, Value: v.Value})
		}
	}
	return wants
}

// unsure tells whether the value of v is not the one that deploy will find: it is made
// with one that is not here, or depends on whether that is set.
func (m *migration) unsure(app *compose.Application, v classify.Variable) bool {
	return m.memory.Absent(v.Value.Reveal()) || slices.ContainsFunc(v.Uses, func(name string) bool {
		value, set := app.Lookup(name)
		return set && m.memory.Absent(value.Reveal())
	})
}

// wantedSecrets are the secrets whose values are known here, under the names that the
// stack file has for them: a command or a config may be all that reads one.
func (m *migration) wantedSecrets(app *compose.Application) []prove.Want {
	var wants []prove.Want
	unsure := map[string]bool{}
	for i, v := range app.Input.Variables {
		if m.unsure(app, v) {
			unsure[m.decisions.Variables[i].Secret] = true
		}
	}
	for _, held := range m.sealing.Values() {
		if unsure[held.Secret] || m.memory.Absent(held.Value.Reveal()) {
			continue
		}
		wants = append(wants, prove.Want{Secret: held.Secret, Value: held.Value})
		for _, inlined := range m.rewritten.Inlined {
			if inlined.Declared.Name == held.Secret {
				wants = append(wants, prove.Want{Secret: "${" + inlined.Name + "}", Value: held.Value})
			}
		}
	}
	return wants
}

// wantedContents are the secrets and configs of the application's own.
func (m *migration) wantedContents() []prove.Want {
	var wants []prove.Want
	for _, held := range m.held {
		switch {
		case m.memory.Absent(held.Value.Reveal()):
		case held.Config:
			wants = append(wants, prove.Want{Config: held.Name, Value: held.Value})
		default:
			wants = append(wants, prove.Want{Secret: held.Name, Value: held.Value})
		}
	}
	return wants
}

// accounted tells what of the stack file migrate has judged: the variables that stay,
// and what is left in clear.
func (m *migration) accounted(app *compose.Application) func(path string, credential secret.Value) bool {
	var texts []secret.Value
	for i, v := range app.Input.Variables {
		if m.decisions.Variables[i].Secret == "" && !v.Value.Empty() {
			texts = append(texts, v.Value)
		}
	}
	for _, c := range m.clear {
		texts = append(texts, c.Text)
	}
	return func(path string, credential secret.Value) bool {
		within := func(text secret.Value) bool { return strings.Contains(text.Reveal(), credential.Reveal()) }
		return m.sealing.PlainPath(path) || m.sealing.IsPublic(credential) || slices.ContainsFunc(texts, within)
	}
}
