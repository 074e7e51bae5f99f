package plugin

import (
	"encoding/json"
	"strings"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/transform"
)

// migrateReport is what --format json prints: every environment variable of every
// service, every secret, every finding, and no value.
type migrateReport struct {
	Project   string           `json:"project"`
	Output    string           `json:"output"`
	Unread    []unreadReport   `json:"unread,omitempty"` // what starts without its secrets
	Variables []variableReport `json:"variables"`
	Secrets   []secretReport   `json:"secrets"`
	Inline    []inlineReport   `json:"inline,omitempty"`
	Findings  []finding        `json:"warnings"`
	Kept      []string         `json:"kept,omitempty"` // as the stack file had them, because their values are not here
}

type variableReport struct {
	Service  string                 `json:"service"`
	Variable string                 `json:"variable"`
	Verdict  transform.Verdict      `json:"verdict"`
	Rule     string                 `json:"rule"`
	State    string                 `json:"state,omitempty"` // "unset" for a secret without a value
	Secret   string                 `json:"secret,omitempty"`
	From     string                 `json:"from,omitempty"`
	Delivery transform.DeliveryKind `json:"delivery,omitempty"`
	Target   string                 `json:"target,omitempty"`
	Evidence string                 `json:"evidence,omitempty"` // what shows that the service reads it so
	taken    string                 // where the stack file takes the value from, if not From
	InClear  bool                   `json:"in_clear,omitempty"` // it is in the stack file now, and was in no compose file
}

type secretReport struct {
	Name     string   `json:"name"`
	From     []string `json:"from"`             // where the application has its value
	XFrom    []string `json:"x_from,omitempty"` // where the stack file takes it from, if that is another place
	Services []string `json:"services"`
}

type inlineReport struct {
	Name  string   `json:"name"`
	From  []string `json:"from"`
	Paths []string `json:"paths"`
}

// report writes the report in the format of options: JSON to stdout, text to stderr.
func report(dockerCLI command.Cli, output *migration, file outputFile, options migrateOptions, wrote written) error {
	r := newMigrateReport(output, file)
	if forPrograms(options.format) {
		encoder := json.NewEncoder(dockerCLI.Out())
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	p := printer{s: screenOf(dockerCLI), r: r}
	defer p.s.Buffer()()
	switch {
	case options.verbose:
		p.details()
	case options.strict && wrote == nothingWritten && hasLoss(r.Findings):
		p.losses()
		return nil
	default:
		p.overview()
	}
	if wrote != nothingWritten {
		p.conclusion(wrote == sameFile)
	}
	return nil
}

func newMigrateReport(output *migration, file outputFile) migrateReport {
	r := migrateReport{
		Project: output.project, Output: file.shown, Kept: output.kept, Findings: output.findings(),
		Variables: make([]variableReport, 0, len(output.decisions.Variables)), Secrets: []secretReport{},
	}
	for _, u := range output.rewritten.Unread {
		r.Unread = append(r.Unread, newUnreadReport(u))
	}
	delivered := map[[2]string]transform.Delivered{}
	for _, d := range output.rewritten.Delivered {
		delivered[[2]string{d.Service, d.Variable}] = d
	}
	for _, d := range output.decisions.Variables {
		v := newVariableReport(d, delivered[[2]string{d.Service, d.Name}])
		if from, moved := output.otherSources[d.Secret]; moved {
			v.taken = strings.Join(from, " and ")
		}
		r.Variables = append(r.Variables, v)
	}
	for _, used := range output.rewritten.Secrets {
		r.Secrets = append(r.Secrets, secretReport{Name: used.Name, From: referenceTexts(used.From), XFrom: output.otherSources[used.Name], Services: used.Services})
	}
	for _, variable := range output.rewritten.Inlined {
		r.Inline = append(r.Inline, inlineReport{Name: variable.Name, From: referenceTexts(variable.From), Paths: variable.Paths})
	}
	return r
}

func newVariableReport(d transform.Decision, delivered transform.Delivered) variableReport {
	v := variableReport{
		Service: d.Service, Variable: d.Name, Verdict: d.Verdict, Rule: d.Rule, Secret: d.Secret, InClear: d.InClear,
	}
	if !d.Origin.IsZero() {
		v.From = d.Origin.String()
	}
	if d.Unset {
		v.State = "unset"
	}
	v.Delivery, v.Target, v.Evidence = delivered.Delivery, delivered.Target, delivered.Evidence
	return v
}
