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
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// explain returns an error that says why the first load failed and shows no value.
// compose-go's text may quote any value of the files and of the environment, so
// only its own words and names in the author's files are kept.
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
	if refused, ok := errors.AsType[refusedError](cause); ok {
		return refused
	}
	e := a.explainer()
	for _, fault := range []error{expression.ErrTemplate, expression.ErrDeep, expression.ErrLong} {
		if errors.Is(cause, fault) {
			return e.located(firstPath(cause.Error()) + ": " + fault.Error())
		}
	}
	text := plainly(e.safe(cause.Error()))
	e.note(a.tree.oddKey(cause.Error()))
	return e.located(text)
}

// explainSealed says why the second load failed: there is a seal where compose-go
// needs a number or a name.
func (a *Application) explainSealed(cause error) error {
	if errors.Is(cause, errStumbled) {
		return cause
	}
	e := a.explainer()
	text := plainly(e.safe(cause.Error()))
	if len(e.sealed) == 0 {
		return e.located(text)
	}
	return e.located(text + "; this key cannot hold a secret: use another variable, or mark it as plain with --plain " + e.sealed[0])
}

// explainChecked says why the sealed application is not consistent. compose-go
// names the two things that do not fit together.
func (a *Application) explainChecked(cause error, l *literals) error {
	if !errdefs.IsInvalidError(cause) || l.in(cause.Error()) || seal.Has(unescapeSeals(cause.Error())) {
		return a.explainSealed(cause)
	}
	e := a.explainer()
	e.references = true
	return e.located(plainly(e.safe(cause.Error())))
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

	references bool // every name that can be shown may stay, as those of things that are not declared
}

// word matches a text that compose-go may have quoted, between blanks and
// punctuation.
var word = regexp.MustCompile(`\$\{[A-Z0-9_]+\}|[^\s"'` + "`" + `,;:()\[\]{}=<>]+`)

const hidden = "…"

var manyHidden = regexp.MustCompile(hidden + `(?:[^\w\s]{0,3}[ ]?[^\w\s]{0,3}` + hidden + `)+`)

// safe returns text without the words that may be a value. The text of a variable
// becomes ${NAME}; any other is left out.
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
	if e.isName(w) || e.references && isReference(w) && verdict.Showable(w) {
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

// isName tells whether w is one of compose-go's own words, a short number, a name
// in the author's files, or several of these joined by dots.
func (e *explainer) isName(w string) bool {
	if e.names[w] && verdict.Showable(e.tree.show(w)) || vocabulary()[strings.ToLower(w)] || shortNumber.MatchString(w) {
		return true
	}
	first, rest, found := strings.Cut(w, ".")
	return found && (first == "" || e.isName(first)) && (rest == "" || e.isName(rest))
}

var shortNumber = regexp.MustCompile(`^[0-9]{1,3}$`)

// located returns text as an error, after FILE:LINE of the first path in it or of
// what was left out of it.
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

// unescapeSeals reverts what %q does to the marks of a seal.
func unescapeSeals(text string) string {
	opening, rest, _ := strings.Cut(seal.Of(" "), " ")
	for _, mark := range []string{opening, rest} {
		text = strings.ReplaceAll(text, strings.Trim(fmt.Sprintf("%q", mark), `"`), mark)
	}
	return text
}
