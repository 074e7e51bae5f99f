package compose

import (
	"context"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Spot is where something is written. The zero Spot is nowhere.
type Spot struct {
	File         string // absolute, "-" for stdin
	Line, Column int    // from 1, 0 if not known
}

// Kind says what a text of a Compose model is for.
type Kind string

// The kinds of texts that are no variables of a service.
const (
	KindBuild       Kind = "build argument"
	KindLabel       Kind = "label"
	KindCommand     Kind = "command"
	KindHealthcheck Kind = "healthcheck"
	KindConfig      Kind = "config"
	KindComment     Kind = "comment"
	KindText        Kind = "text" // anything else
)

// Text is a text that shows a credential and is no variable of a service.
type Text struct {
	Kind    Kind
	Path    string // in the model; "" for a comment
	Service string // "" for a text outside services
	Spot    Spot
	Written bool // the credential itself is in the file, and not only a variable that gives it
	Rule    string
}

// Texts returns the texts of the application that show a credential, but for those that
// the owner calls plain, in the order of the model; comments come last. The error is that of Load.
func (a *Application) Texts(ctx context.Context) ([]Text, error) {
	model, _, err := a.src.model(ctx, a.src.env.values.texts(), recorder{}.substitute)
	if err != nil {
		return nil, a.explain(err)
	}
	a.src.dropInactive(model)
	var all []Text
	for _, place := range append(a.buildArguments(model), scalar.Judge(model)...) {
		if !a.Written.Policy.PlainPath(place.Path) {
			all = append(all, a.text(place))
		}
	}
	return append(all, a.comments()...), nil
}

// text finds where a place of the model is written.
func (a *Application) text(place scalar.Place) Text {
	t := Text{Kind: kindOf(place.Keys), Path: place.Path, Service: place.Service, Rule: place.Spans[0].Rule}
	for p := range a.tree.locations(place.Keys) {
		if t.Spot == (Spot{}) {
			t.Spot = spotOf(p)
		}
		for _, credential := range place.Credentials() {
			if at, found := writtenAt(p.branch, p.node, credential.Reveal()); found {
				t.Spot, t.Written = at, true
				return t
			}
		}
	}
	return t
}

// writtenAt finds the scalar below node that has word in it.
func writtenAt(b *branch, node *yaml.Node, word string) (Spot, bool) {
	found := firstScalar(node, func(text string) bool { return strings.Contains(text, word) })
	if found == nil {
		return Spot{}, false
	}
	at := Spot{File: b.path, Line: found.Line, Column: found.Column}
	if found.Style == yaml.LiteralStyle || found.Style == yaml.FoldedStyle {
		before, _, _ := strings.Cut(found.Value, word)
		at.Line, at.Column = at.Line+1+strings.Count(before, "\n"), 1
	}
	return at, true
}

func kindOf(keys []string) Kind {
	if keys[0] == "configs" {
		return KindConfig
	}
	if len(keys) < 3 || keys[0] != "services" {
		return KindText
	}
	switch keys[2] {
	case "build":
		return KindBuild
	case "labels", "annotations":
		return KindLabel
	case "command", "entrypoint":
		return KindCommand
	case "healthcheck":
		return KindHealthcheck
	case "deploy":
		if len(keys) > 3 && keys[3] == "labels" {
			return KindLabel
		}
	}
	return KindText
}

// buildArguments judges the arguments and labels of builds as variables are.
func (a *Application) buildArguments(model map[string]any) []scalar.Place {
	var all []scalar.Place
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		build := mapping(mapping(services[name])["build"])
		for _, block := range []string{"args", "labels"} {
			entries := environmentEntries(build[block])
			for _, key := range slices.Sorted(maps.Keys(entries)) {
				text := asText(entries[key])
				if text == "" {
					continue
				}
				finding := a.Written.Policy.Judge(verdict.Candidate{Service: name, Name: key, Value: secret.NewValue(text)})
				if finding.Verdict == transform.Secret {
					keys := []string{"services", name, "build", block, key}
					all = append(all, scalar.Place{
						Path: strings.Join(keys, "."), Keys: keys, Service: name, Text: secret.NewValue(text),
						Spans: []verdict.Span{{End: len(text), Rule: finding.Rule}},
					})
				}
			}
		}
	}
	return all
}

// comments returns the comments that tell a credential.
func (a *Application) comments() []Text {
	var all []Text
	for _, b := range a.tree.all() {
		content, err := regular.Read(b.path)
		if err != nil {
			continue // stdin
		}
		lines := strings.Split(string(content), "\n")
		for _, comment := range commentsOf(b.docs()) {
			if verdict.CommentTells(comment) {
				all = append(all, Text{Kind: KindComment, Spot: commentSpot(b.path, lines, comment), Written: true, Rule: "comment"})
			}
		}
	}
	return all
}

// commentsOf returns the comments of docs, each block once, in order.
func commentsOf(docs []*yaml.Node) []string {
	var all []string
	known := map[*yaml.Node]bool{}
	var visit func(node *yaml.Node)
	visit = func(node *yaml.Node) {
		if node == nil || known[node] {
			return
		}
		known[node] = true
		for _, comment := range []string{node.HeadComment, node.LineComment} {
			if comment != "" {
				all = append(all, comment)
			}
		}
		for _, child := range node.Content {
			visit(child)
		}
		if node.FootComment != "" {
			all = append(all, node.FootComment)
		}
	}
	for _, doc := range docs {
		visit(doc)
	}
	return all
}

// commentSpot finds the line of comment that tells, or else its first line.
func commentSpot(path string, lines []string, comment string) Spot {
	parts := strings.Split(comment, "\n")
	word := parts[0]
	for _, part := range parts {
		if verdict.CommentTells(part) {
			word = part
			break
		}
	}
	for i, line := range lines {
		if column := strings.Index(line, word); column >= 0 && word != "" {
			return Spot{File: path, Line: i + 1, Column: column + 1}
		}
	}
	return Spot{File: path, Line: 1, Column: 1}
}
