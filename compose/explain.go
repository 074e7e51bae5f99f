package compose

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/errdefs"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// explain says in safe words why the first load failed. compose-go's own text may
// quote any value of the files and of the environment: of its words only those
// are kept that are known to be compose-go's, or names in the author's files.
func (a *Application) explain(cause error) error {
	if missing, ok := errors.AsType[*expression.MissingError](cause); ok {
		if where := a.tree.uses(missing.Name); where != "" {
			return fmt.Errorf("%s: %w", where, missing)
		}
		return missing
	}
	if errors.Is(cause, errStumbled) {
		return cause
	}
	e := a.explainer()
	if errors.Is(cause, expression.ErrTemplate) {
		return e.located(firstPath(cause.Error()) + ": " + expression.ErrTemplate.Error())
	}
	return e.located(plainly(e.safe(cause.Error())))
}

// explainSealed says why the second load failed: a seal stands where compose-go
// wants a number or a name.
func (a *Application) explainSealed(cause error) error {
	if errors.Is(cause, errStumbled) {
		return cause
	}
	e := a.explainer()
	text := plainly(e.safe(cause.Error()))
	if len(e.sealed) == 0 {
		return e.located(text)
	}
	return e.located(text + "; a secret cannot stand here: use another variable, or call it plain with --plain " + e.sealed[0])
}

// explainChecked says what is wrong with the sealed application. What does not fit
// together compose-go tells with names, which may be shown, unless l finds a value
// in its text.
func (a *Application) explainChecked(cause error, l *literals) error {
	if !errdefs.IsInvalidError(cause) || l.in(cause.Error()) || seal.Has(unescapeSeals(cause.Error())) {
		return a.explainSealed(cause)
	}
	e := a.explainer()
	return e.located(plainly(cause.Error()))
}

func (a *Application) explainer() *explainer {
	return &explainer{tree: a.tree, seen: a.seen.sorted(), names: a.tree.names()}
}

// explainer makes compose-go's words safe.
type explainer struct {
	tree   *tree
	seen   []use
	names  map[string]bool
	sealed []string // variables whose seals stood in the text
	where  string   // FILE:LINE of what was taken out
}

// word is what compose-go may have quoted, between blanks and punctuation.
var word = regexp.MustCompile(`\$\{[A-Z0-9_]+\}|[^\s"'` + "`" + `,;:()\[\]{}=<>]+`)

const hidden = "…"

var manyHidden = regexp.MustCompile(hidden + `(?:[^\w\s]{0,3}[ ]?[^\w\s]{0,3}` + hidden + `)+`)

// safe is text without the words that may be a value: a variable's text becomes
// ${NAME}, any other is left out.
func (e *explainer) safe(text string) string {
	text = seal.Replace(unescapeSeals(text), func(name string) string {
		variable := strings.ToUpper(name)
		e.sealed = append(e.sealed, variable)
		return "${" + variable + "}"
	})
	text = word.ReplaceAllStringFunc(text, e.safeWord)
	return manyHidden.ReplaceAllString(text, hidden)
}

func (e *explainer) safeWord(w string) string {
	if variable, ok := strings.CutPrefix(w, "${"); ok && slices.Contains(e.sealed, strings.TrimSuffix(variable, "}")) {
		e.note(e.tree.uses(strings.TrimSuffix(variable, "}")))
		return w
	}
	if e.isName(w) {
		return e.tree.show(w)
	}
	for _, use := range e.seen {
		if strings.Contains(use.value.Reveal(), w) {
			e.note(e.tree.uses(use.name))
			return "${" + use.name + "}"
		}
	}
	e.note(e.tree.holds(w))
	return hidden
}

func (e *explainer) note(where string) {
	if e.where == "" {
		e.where = where
	}
}

// isName tells whether w is compose-go's own word, a short number, a name of the
// author's files, or several of them joined by dots.
func (e *explainer) isName(w string) bool {
	if e.names[w] || vocabulary()[strings.ToLower(w)] || shortNumber.MatchString(w) {
		return true
	}
	first, rest, found := strings.Cut(w, ".")
	return found && (first == "" || e.isName(first)) && (rest == "" || e.isName(rest))
}

var shortNumber = regexp.MustCompile(`^[0-9]{1,3}$`)

// located is text behind FILE:LINE of the first path in it, or of what was taken
// out of it.
func (e *explainer) located(text string) error {
	where := ""
	if path := firstPath(text); path != "" {
		where = e.tree.near(e.tree.split(path))
	}
	if where == "" {
		where = e.where
	}
	if where == "" || strings.HasPrefix(text, where) {
		return errors.New(text)
	}
	return fmt.Errorf("%s: %s", where, text)
}

// unescapeSeals undoes what %q makes of the marks.
func unescapeSeals(text string) string {
	opening, rest, _ := strings.Cut(seal.Of(" "), " ")
	for _, mark := range []string{opening, rest} {
		text = strings.ReplaceAll(text, strings.Trim(fmt.Sprintf("%q", mark), `"`), mark)
	}
	return text
}
