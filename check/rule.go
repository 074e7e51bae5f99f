package check

import (
	"cmp"
	"slices"
	"strings"
)

// Severity says how bad a finding is.
type Severity string

// The severities. An error is a secret that others can read, or a service that cannot
// read its own; a warning makes one of these likelier.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Reaches reports whether s is as bad as limit, or worse.
func (s Severity) Reaches(limit Severity) bool { return s == Error || limit == Warning }

// Rule is one row of the table.
type Rule struct {
	ID       string
	Line     int // of the guide's checklist, from 1
	Severity Severity
	Title    string // what is wrong, as a noun
	Why      string // one sentence
	Fix      string // how it is mended, for the page: a command, or words
	find     func(Facts) outcome
}

// outcome is what a rule saw.
type outcome struct {
	subjects int    // what it looked at; 0: there was nothing to look at
	blind    string // what it could not look at, and why
	found    []Finding
}

// Finding is one thing that is wrong. It holds no value.
type Finding struct {
	Rule     string
	Severity Severity
	Place    Place
	Subject  string // what it is about, the same in every run: api.DB_PASSWORD
	Message  string // one line
	Fix      string // the command, or what to do
	Known    bool   // the baseline has it
}

// Rules returns the table, in the order of the guide's lines.
func Rules() []Rule {
	return slices.Concat(committedRules, keptOutRules, stackRules, privilegeRules, rotationRules, environmentRules, transportRules, residueRules, troubleRules)
}

// RuleOf returns the row called id; false if there is none.
func RuleOf(id string) (Rule, bool) {
	rules := Rules()
	at := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id })
	if at < 0 {
		return Rule{}, false
	}
	return rules[at], true
}

// look lets the rule look at f, and completes its findings.
func (r Rule) look(f Facts) outcome {
	out := r.find(f)
	for i := range out.found {
		found := &out.found[i]
		found.Rule, found.Severity = r.ID, cmp.Or(found.Severity, r.Severity)
		found.Fix = cmp.Or(found.Fix, r.Fix)
		if f.Name != "" {
			found.Fix = strings.ReplaceAll(found.Fix, "STACK", quoted(f.Name))
		}
	}
	slices.SortStableFunc(out.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Place.File, b.Place.File), cmp.Compare(a.Place.Line, b.Place.Line), cmp.Compare(a.Place.Column, b.Place.Column), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}
