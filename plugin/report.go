package plugin

import (
	"encoding/json"
	"strings"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/transform"
)

// migrateReport is what --format json prints: every environment variable of every
// service, every secret, every warning, and no value.
type migrateReport struct {
	Project   string           `json:"project"`
	Output    string           `json:"output"`
	Unread    []unreadReport   `json:"unread,omitempty"` // what starts without its secrets
	Variables []variableReport `json:"variables"`
	Secrets   []secretReport   `json:"secrets"`
	Inline    []inlineReport   `json:"inline,omitempty"`
	Warnings  []warningReport  `json:"warnings"`
	Notes     []string         `json:"notes,omitempty"`
	Kept      []string         `json:"kept,omitempty"` // as the stack file had them, because their values are not here
	unread    []transform.Unread
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

type warningReport struct {
	Code    string `json:"code"`
	Service string `json:"service,omitempty"`
	Path    string `json:"path"`
	Message string `json:"message"`
	Loss    bool   `json:"loss,omitempty"`
}

// report writes the report in the format of options: JSON to stdout, text to stderr.
func report(dockerCLI command.Cli, output *migration, file outputFile, options migrateOptions) error {
	r := newMigrateReport(output, file)
	if forPrograms(options.format) {
		encoder := json.NewEncoder(dockerCLI.Out())
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	printMigrate(people(dockerCLI), r)
	return nil
}

func newMigrateReport(output *migration, file outputFile) migrateReport {
	r := migrateReport{
		Project: output.project, Output: file.shown, Notes: output.notes, Kept: output.kept,
		Variables: []variableReport{}, Secrets: []secretReport{}, Warnings: []warningReport{},
	}
	for _, u := range output.rewritten.Unread {
		r.Unread = append(r.Unread, newUnreadReport(u))
	}
	r.unread = output.rewritten.Unread
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
	for _, w := range output.warnings {
		r.Warnings = append(r.Warnings, warningReport(w))
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
