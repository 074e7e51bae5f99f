package check

import (
	"slices"
	"strings"
)

// Report is what a check found.
type Report struct {
	Findings  []Finding // by rule, in the order of the table, then by place
	Guide     []Answer  // the ten lines
	Unchecked []Unchecked
	Score     int // lines of the guide that passed
}

// New lets every rule look at f. Findings that baseline has are marked as known.
func New(f Facts, baseline Baseline) Report {
	var r Report
	answers := make([]answer, len(guideLines))
	for _, rule := range Rules() {
		out := rule.look(f)
		for i := range out.found {
			out.found[i].Known = baseline.has(out.found[i])
		}
		answers[rule.Line-1].add(out)
		r.Findings = append(r.Findings, out.found...)
		if out.blind != "" {
			r.addUnchecked(Unchecked{Line: rule.Line, What: out.blind})
		}
	}
	if plain := f.Application.CalledPlain; len(plain) > 0 {
		r.addUnchecked(Unchecked{Line: 1, What: "marked as plain by x-docker-secrets: " + strings.Join(plain, ", ")})
	}
	if absent := f.Application.Absent; len(absent) > 0 {
		r.addUnchecked(Unchecked{Line: 1, What: "not here: " + strings.Join(absent, ", ")})
	}
	for _, u := range beyond {
		answers[u.Line-1].blind = true
		r.addUnchecked(u)
	}
	for i, a := range answers {
		answer := a.answer(i + 1)
		r.Guide = append(r.Guide, answer)
		if answer.Mark == Passed {
			r.Score++
		}
	}
	return r
}

// addUnchecked adds u, each once a line of the guide.
func (r *Report) addUnchecked(u Unchecked) {
	if !slices.Contains(r.Unchecked, u) {
		r.Unchecked = append(r.Unchecked, u)
	}
}

// answer gathers what the rules of one line say.
type answer struct {
	subjects int
	blind    bool
	found    []Finding
}

func (a *answer) add(out outcome) {
	a.subjects += out.subjects
	a.blind = a.blind || out.blind != ""
	a.found = append(a.found, out.found...)
}

func (a *answer) answer(line int) Answer {
	result := Answer{Line: line, Text: guideLines[line-1], Mark: Passed}
	for _, found := range a.found {
		switch {
		case found.Known:
			result.Known++
		case found.Severity == Error:
			result.Errors++
		default:
			result.Warnings++
		}
	}
	switch {
	case len(a.found) > 0:
		result.Mark = Failed
	case a.blind || a.subjects == 0:
		result.Mark = NotLooked
	}
	return result
}

// Reaches reports whether a finding that is not known is as bad as limit, or worse.
func (r Report) Reaches(limit Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return !f.Known && f.Severity.Reaches(limit) })
}

// Count returns how many findings of that severity are not known.
func (r Report) Count(severity Severity) int {
	n := 0
	for _, f := range r.Findings {
		if !f.Known && f.Severity == severity {
			n++
		}
	}
	return n
}
