package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// width is that of the narrowest terminals.
const width = 80

// shown is how many findings of one rule people are told; programs get all.
const shown = 10

// WriteText writes r for people: the findings of each rule together, errors first, what
// could not be checked, and last the guide's lines with the score.
func WriteText(w io.Writer, r Report) error {
	t := &text{w: w}
	for _, group := range groups(r.Findings) {
		t.group(group)
	}
	t.unchecked(r.Unchecked)
	for _, a := range r.Guide {
		t.line("%s %2d. %s%s", a.Mark, a.Line, a.Text, counts(a))
	}
	t.line("score: %d of %d", r.Score, len(r.Guide))
	if known := len(r.Findings) - r.Count(Error) - r.Count(Warning); known > 0 {
		t.line("%d findings are in the baseline, and count for the score", known)
	}
	return t.err
}

type text struct {
	w   io.Writer
	err error
}

func (t *text) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format+"\n", args...)
	}
}

// wrapped writes words below a label, broken at blanks.
func (t *text) wrapped(label, words string) {
	line := label
	for word := range strings.FieldsSeq(words) {
		if len(line) > len(label) && len(line)+1+len(word) > width {
			t.line("%s", line)
			line = strings.Repeat(" ", len(label))
		}
		line += " " + word
	}
	t.line("%s", line)
}

// groups returns the findings that are not known, by rule and severity, errors first.
func groups(findings []Finding) [][]Finding {
	var all [][]Finding
	at := map[[2]string]int{}
	for _, f := range findings {
		if f.Known {
			continue
		}
		key := [2]string{f.Rule, string(f.Severity)}
		if _, found := at[key]; !found {
			at[key] = len(all)
			all = append(all, nil)
		}
		all[at[key]] = append(all[at[key]], f)
	}
	slices.SortStableFunc(all, func(a, b []Finding) int { return cmp.Compare(a[0].Severity, b[0].Severity) })
	return all
}

// group writes the findings of one rule, what matters about them, and what mends them:
// once, if that is the same for all.
func (t *text) group(found []Finding) {
	rule, _ := RuleOf(found[0].Rule)
	t.line("%s: %s (%s)", found[0].Severity, rule.Title, rule.ID)
	same := !slices.ContainsFunc(found, func(f Finding) bool { return f.Fix != found[0].Fix })
	for i, f := range found {
		if i == shown {
			t.line("  and %d more; see them all with --format json", len(found)-shown)
			break
		}
		t.wrapped(" ", strings.TrimPrefix(placeText(f.Place)+": "+f.Message, ": "))
		if !same {
			t.wrapped("    fix:", f.Fix)
		}
	}
	t.wrapped("  why:", rule.Why)
	if same {
		t.wrapped("  fix:", found[0].Fix)
	}
	t.line("")
}

func (t *text) unchecked(all []Unchecked) {
	if len(all) == 0 {
		return
	}
	t.line("cannot be checked from here:")
	said := map[string]bool{}
	for _, u := range all {
		if said[u.What] {
			continue
		}
		said[u.What] = true
		t.wrapped(" ", u.What)
		if u.Link != "" {
			t.line("    %s", u.Link)
		}
	}
	t.line("")
}

// placeText returns FILE:LINE:COLUMN, as much of it as is known.
func placeText(p Place) string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

func counts(a Answer) string {
	var parts []string
	for _, count := range []struct {
		n    int
		noun string
	}{{a.Errors, "error"}, {a.Warnings, "warning"}} {
		switch {
		case count.n == 1:
			parts = append(parts, "1 "+count.noun)
		case count.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", count.n, count.noun))
		}
	}
	if a.Known > 0 {
		parts = append(parts, fmt.Sprintf("%d in the baseline", a.Known))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}
