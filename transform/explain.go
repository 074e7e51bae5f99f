package transform

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"text/template"

	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// Explanation is how one service reads its secrets, for its developers.
type Explanation struct {
	Deliveries []string // one line a variable: what reads it from where
	Code       []Code   // for what the application itself has to read; nil for nothing
}

// Code is a few lines in one language.
type Code struct{ Language, Text string }

// Explain returns how service reads what is delivered to it, in the order of
// delivered.
func Explain(service string, delivered []Delivered) Explanation {
	var e Explanation
	var files []explainedFile
	for _, d := range delivered {
		if d.Service != service {
			continue
		}
		path := SecretsDir + d.Target
		how := wayOf(d.Delivery)
		e.Deliveries = append(e.Deliveries, fmt.Sprintf(how.explain, d.Variable, path))
		if how.code {
			files = append(files, newExplainedFile(d))
		}
	}
	if len(files) > 0 {
		e.Code = explainCode(files)
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

func explainCode(files []explainedFile) []Code {
	var all []Code
	for _, t := range explainTemplates() {
		var b strings.Builder
		if err := t.Execute(&b, files); err != nil {
			continue // a test executes them all
		}
		all = append(all, Code{Language: t.Name(), Text: strings.TrimSpace(b.String()) + "\n"})
	}
	return all
}
