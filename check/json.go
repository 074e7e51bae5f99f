package check

import (
	"encoding/json"
	"io"
)

// JSONReport is what WriteJSON writes.
type JSONReport struct {
	Findings  []jsonFinding   `json:"findings"`
	Guide     []jsonAnswer    `json:"guide"`
	Unchecked []jsonUnchecked `json:"unchecked"`
	Errors    int             `json:"errors"`
	Warnings  int             `json:"warnings"`
	Score     int             `json:"score"` // lines of the guide that passed
	Of        int             `json:"of"`
}

type jsonFinding struct {
	Rule        string   `json:"rule"`
	Severity    Severity `json:"severity"`
	Subject     string   `json:"subject"`
	Message     string   `json:"message"`
	File        string   `json:"file,omitempty"`
	Line        int      `json:"line,omitempty"`
	Column      int      `json:"column,omitempty"`
	Why         string   `json:"why"`
	Fix         string   `json:"fix"`
	Fingerprint string   `json:"fingerprint"`
	Baseline    bool     `json:"baseline,omitempty"`
}

type jsonAnswer struct {
	Line     int    `json:"line"`
	Text     string `json:"text"`
	Result   string `json:"result"` // passed, failed or not checked
	Errors   int    `json:"errors,omitempty"`
	Warnings int    `json:"warnings,omitempty"`
	Baseline int    `json:"baseline,omitempty"`
}

type jsonUnchecked struct {
	Line int    `json:"line"`
	What string `json:"what"`
	Link string `json:"link,omitempty"`
}

// WriteJSON writes all of r.
func WriteJSON(w io.Writer, r Report) error {
	out := JSONReport{
		Findings: []jsonFinding{}, Guide: []jsonAnswer{}, Unchecked: []jsonUnchecked{},
		Errors: r.Count(Error), Warnings: r.Count(Warning), Score: r.Score, Of: len(r.Guide),
	}
	for _, f := range r.Findings {
		rule, _ := RuleOf(f.Rule)
		out.Findings = append(out.Findings, jsonFinding{
			Rule: f.Rule, Severity: f.Severity, Subject: f.Subject, Message: f.Message, File: f.Place.File, Line: f.Place.Line, Column: f.Place.Column,
			Why: rule.Why, Fix: f.Fix, Fingerprint: f.Fingerprint(), Baseline: f.Known,
		})
	}
	words := map[Mark]string{Passed: "passed", Failed: "failed", NotLooked: "not checked"}
	for _, a := range r.Guide {
		out.Guide = append(out.Guide, jsonAnswer{a.Line, a.Text, words[a.Mark], a.Errors, a.Warnings, a.Known})
	}
	for _, u := range r.Unchecked {
		out.Unchecked = append(out.Unchecked, jsonUnchecked(u))
	}
	return encode(w, out)
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
