package compose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// writtenPath returns the path of a file as people wrote it in one of branches, with
// its ${NAME}: a variable in it may be a secret. What else may be one is left out.
func (t *tree) writtenPath(path string, branches ...*branch) string {
	for _, b := range branches {
		for _, doc := range b.docs() {
			node := firstScalar(doc, func(text string) bool { return b.gives(text, path) })
			if node != nil {
				return showable(node.Value)
			}
		}
	}
	return showable(t.show(path))
}

// showable is raw, a path as people wrote it, without what may be a secret: the defaults
// of its variables, and all of its text if a part looks like a credential or made by a
// machine. A password with a "/" is several parts, of which none may look like one.
func showable(raw string) string {
	parts, err := expression.Parse(raw)
	if err != nil {
		return hidden
	}
	var b strings.Builder
	shown := true
	for _, part := range parts {
		if part.Name != "" {
			b.WriteString("${" + part.Name + "}")
			continue
		}
		b.WriteString(part.Text)
		for word := range strings.SplitSeq(part.Text, "/") {
			shown = shown && verdict.Showable(word)
		}
	}
	if shown && len(verdict.Credentials(b.String())) == 0 {
		return b.String()
	}
	return variablesOf(parts)
}

// variablesOf are the variables of parts, with dots in the place of the texts.
func variablesOf(parts []expression.Part) string {
	var b strings.Builder
	for _, part := range parts {
		if part.Name == "" {
			b.WriteString(hidden)
			continue
		}
		b.WriteString("${" + part.Name + "}")
	}
	return b.String()
}

// shownWritten returns err with path as writtenPath has it. err must hold no other value.
func (t *tree) shownWritten(err error, path string) error {
	return errors.New(strings.ReplaceAll(err.Error(), path, t.writtenPath(path, t.all()...)))
}

// gives tells whether text is interpolated to path.
func (b *branch) gives(text, path string) bool {
	parts, err := expression.Parse(text)
	if err != nil {
		return false
	}
	made, err := expression.Expand(parts, b.env.Lookup, nil)
	return err == nil && made != "" && (inFolder(b.dir, made) == path || made == path)
}

// PlainName returns the project's name, "" if it is made with a variable: whether that is
// a secret is not judged yet.
func (a *Application) PlainName() string {
	if p := a.tree.locate("name"); a.src.name == "" && p.found() && len(textNames(p.node)) > 0 {
		return ""
	}
	return a.name.Reveal()
}

// checkName refuses a name of the project that shows a credential: the stack's name is
// in every name that the Swarm lists. The error quotes nothing.
func (a *Application) checkName() error {
	p := a.tree.locate("name")
	if !p.found() || !slices.ContainsFunc(append(a.tree.texts(p.branch, p.node), p.text()), func(text string) bool { return len(verdict.Credentials(text)) > 0 }) {
		return nil
	}
	return fmt.Errorf("%s: name: it looks like a credential; write another name", a.tree.at(p))
}

// checkName refuses a secret in the name of the project. The error names the variable.
func (s sealer) checkName() error {
	p := s.app.tree.locate("name")
	if !p.found() {
		return nil
	}
	for _, name := range textNames(p.node) {
		value, _ := p.branch.env.Value(name)
		if s.app.src.name == "" && s.sealing.Of(name, value) != "" {
			return fmt.Errorf("%s: name: ${%s} is a secret, and a stack's name is public; write another name, give one with -p, or mark it as plain with --plain %s", s.app.tree.at(p), name, name)
		}
	}
	return nil
}
