package transform

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// Explanation is how one service reads its secrets, for its developers.
type Explanation struct {
	Deliveries []string // one line a variable: what reads it from where, and what shows that
	Other      string   // how to choose another way, "" for no delivery
	Code       []Code   // for what the application itself has to read; nil for nothing
}

// Code is a few lines in one language.
type Code struct{ Language, Text string }

// Codebase is what is known of an application's source.
type Codebase struct {
	Language  string // as images.LanguageOf has it; "" if it is not known
	Framework string // "Django", "FastAPI" or ""
}

// Explain returns how service reads what is delivered to it, in the order of
// delivered, with code in the language of codebase, or in all if that is not known.
func Explain(service string, delivered []Delivered, codebase Codebase) Explanation {
	var e Explanation
	var files []explainedFile
	for _, d := range delivered {
		if d.Service != service {
			continue
		}
		path := SecretsDir + d.Target
		how := wayOf(d.Delivery)
		line := fmt.Sprintf(how.explain, d.Variable, path)
		if d.Evidence != "" {
			line += " (" + d.Evidence + ")"
		}
		e.Deliveries = append(e.Deliveries, line)
		e.Other = fmt.Sprintf(how.other, service)
		if how.code {
			files = append(files, newExplainedFile(d))
		}
	}
	if len(files) > 0 {
		e.Code = explainCode(files, codebase)
	}
	return e
}

// explainedFile is a file, with the names that languages would give to its content.
type explainedFile struct{ Variable, File, Constant, Snake, Camel string }

func newExplainedFile(d Delivered) explainedFile {
	snake := SecretName(d.Variable)
	if !shell.IsIdentifier(snake) {
		snake = "secret_" + snake
	}
	var camel strings.Builder
	for i, part := range strings.Split(snake, "_") {
		if i > 0 && part != "" {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		camel.WriteString(part)
	}
	return explainedFile{Variable: d.Variable, File: d.Target, Constant: strings.ToUpper(snake), Snake: snake, Camel: camel.String()}
}

//go:embed data/explain.txt
var explainText string

// explainTemplates returns the sections of data/explain.txt, parsed once. A test
// parses and executes them all.
//
//nolint:gochecknoglobals // read once, never written
var explainTemplates = sync.OnceValue(func() []*template.Template {
	var all []*template.Template
	for section := range strings.SplitSeq(explainText, "== ") {
		if language, text, found := strings.Cut(section, "\n"); found {
			all = append(all, template.Must(template.New(language).Parse(text)))
		}
	}
	return all
})

func explainCode(files []explainedFile, codebase Codebase) []Code {
	var all []Code
	for _, t := range explainTemplates() {
		if !codebase.wants(t.Name(), files) {
			continue
		}
		var b strings.Builder
		if err := t.Execute(&b, files); err != nil {
			continue // a test executes them all
		}
		all = append(all, Code{Language: t.Name(), Text: strings.TrimSpace(b.String()) + "\n"})
	}
	return all
}

// wants tells whether the section called name is for the codebase: its language, and of
// the ways of frameworks that of its own, or all if it is not known. pydantic-settings
// finds only files that are called like the variable.
func (c Codebase) wants(name string, files []explainedFile) bool {
	language, framework, isFramework := strings.Cut(strings.TrimSuffix(name, ")"), " (")
	switch {
	case c.Language == "":
		return !isFramework
	case language != c.Language:
		return false
	case framework == "FastAPI" && slices.ContainsFunc(files, func(f explainedFile) bool { return f.File != f.Snake }):
		return false
	}
	return !isFramework || c.Framework == "" || c.Framework == framework
}
