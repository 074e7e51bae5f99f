package verdict

import (
	"slices"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Shortest is the length in bytes below which a value turns up in a text by accident.
const Shortest = 4

// Bounds of what else a Redactor replaces, in bytes.
const (
	minRedactedLine = 6 // a line of a value
	minRedactedForm = 8 // another form of one
)

// Redactor replaces values in text that did not come from this program, or that quotes
// what did not: the log of a task, the diff of a file, an error of a parser. It knows
// each value as it is, each of its lines, and every form that Encodings returns, also as
// Go quotes it. It keeps them in a closure, as secret.Value does.
type Redactor struct {
	replace func(text string) string
	short   []secret.Value // too short to be replaced where they are
}

// NewRedactor returns a Redactor for values. The longest form is replaced first, so that
// no end of one is left where another is its beginning.
func NewRedactor(values []secret.Value) Redactor {
	var forms []string
	var short []secret.Value
	for _, v := range values {
		text := v.Reveal()
		if len(text) < Shortest {
			if text != "" {
				short = append(short, v)
			}
			continue
		}
		forms = append(forms, redactedForms(v)...)
	}
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, secret.Value{}.String())
	}
	return Redactor{replace: strings.NewReplacer(pairs...).Replace, short: short}
}

// redactedForms are the forms of v that are long enough.
func redactedForms(v secret.Value) []string {
	text := v.Reveal()
	forms := []string{text}
	add := func(form string, atLeast int) {
		if len(form) >= atLeast {
			forms = append(forms, form)
		}
	}
	add(strings.ReplaceAll(text, "$", "$$"), Shortest)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		add(line, minRedactedLine)
		add(strings.ReplaceAll(line, "$", "$$"), minRedactedLine)
	}
	for _, e := range Encodings(v) {
		add(e.Text.Reveal(), minRedactedForm)
	}
	for _, quoted := range []string{strconv.Quote(text), strconv.QuoteToASCII(text)} {
		add(quoted[1:len(quoted)-1], Shortest)
	}
	return forms
}

// Redact returns text with "[redacted]" in the place of each value.
func (r Redactor) Redact(text string) string {
	if r.replace == nil {
		return text
	}
	return r.replace(text)
}

// RedactLine does the same for one line. It replaces the whole line if that has a value of
// less than four bytes: the gap would tell it.
func (r Redactor) RedactLine(line string) string {
	for _, v := range r.short {
		if strings.Contains(line, v.Reveal()) {
			return v.String()
		}
	}
	return r.Redact(line)
}
