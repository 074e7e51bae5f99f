package compose

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// exposures returns the variables that give a credential, or a part of one, to a
// text of model that is no variable of a service: a label, an option, a config.
func (a *Application) exposures(model map[string]any) []classify.Exposure {
	var all []classify.Exposure
	for _, place := range scalar.Judge(model) {
		for _, piece := range within(a.piecesAt(place), place.Spans) {
			all = append(all, classify.Exposure{Path: place.Path, Name: nameOf(piece), Value: piece.Value})
		}
	}
	return all
}

func nameOf(p classify.Piece) string {
	if p.Variable != "" {
		return p.Variable
	}
	return p.Default
}

// within are the pieces that a variable gave and that lie in one of spans, all or in
// part.
func within(pieces []classify.Piece, spans []verdict.Span) []classify.Piece {
	var found []classify.Piece
	start := 0
	for _, piece := range pieces {
		end := start + piece.Value.Len()
		from := start
		overlaps := func(s verdict.Span) bool { return s.Start < end && from < s.End }
		if nameOf(piece) != "" && slices.ContainsFunc(spans, overlaps) {
			found = append(found, piece)
		}
		start = end
	}
	return found
}

// piecesAt tells what the text of place is made of: nil if no source has a text that
// gives it.
func (a *Application) piecesAt(place scalar.Place) []classify.Piece {
	for p := range a.tree.locations(place.Keys) {
		for _, raw := range rawTexts(p) {
			parts, err := expression.Parse(raw)
			if err != nil {
				continue
			}
			pieces, err := expression.Pieces(parts, p.branch.env.Lookup)
			if err != nil {
				continue
			}
			if found := piecesOf(pieces, place.Text); found != nil {
				return found
			}
		}
	}
	return nil
}

// rawTexts are the texts at p before interpolation: of a list, each item.
func rawTexts(p location) []string {
	if items := document.Sequence(p.node); items != nil {
		var all []string
		for _, item := range items {
			if item = document.Follow(item); item.Kind == yaml.ScalarNode {
				all = append(all, item.Value)
			}
		}
		return all
	}
	if raw, bare := rawEntry(p); !bare {
		return []string{raw}
	}
	return nil
}

// fileUses returns the variables that env files and label files interpolate: those
// of the project, which the files do not set themselves.
func (a *Application) fileUses(model map[string]any) []use {
	var all []use
	services := mapping(model["services"])
	for _, service := range slices.Sorted(maps.Keys(services)) {
		names := append(envFileUses(a.entries[service]), a.labelFileUses(mapping(services[service]))...)
		for _, name := range names {
			if value, set := a.src.env.Value(name); set && !value.Empty() {
				all = append(all, use{name: name, value: value})
			}
		}
	}
	return all
}

// envFileUses returns the variables that the env files of a service interpolate and do
// not set.
func envFileUses(entries map[string]entry) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if entries[name].explicit {
			continue
		}
		for _, used := range entries[name].variable.Uses {
			if own, set := entries[used]; !set || own.explicit {
				all = append(all, used)
			}
		}
	}
	return all
}

// labelFileUses returns the variables that the label files of a service interpolate.
func (a *Application) labelFileUses(service map[string]any) []string {
	var all []string
	for _, item := range itemsOf(service["label_file"]) {
		path := asText(item)
		if path == "" {
			continue
		}
		texts, _ := markedTexts(inFolder(a.src.dir, path), "")
		for _, label := range slices.Sorted(maps.Keys(texts)) {
			all = append(all, usesOf(texts[label].Reveal())...)
		}
	}
	return all
}

// ownSecrets returns what the application's own secrets hold, of a file or a variable,
// where it can be looked for.
func (a *Application) ownSecrets(model map[string]any) []secret.Value {
	var all []secret.Value
	secrets := mapping(model["secrets"])
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		path, _ := mapping(secrets[name])["file"].(string)
		if path == "" {
			continue
		}
		content, err := regular.Read(inFolder(a.src.dir, path))
		if err != nil || len(content) > secret.MaxSize {
			continue
		}
		if value := secret.NewValue(strings.TrimSpace(string(content))); verdict.Distinctive(value) {
			all = append(all, value)
		}
	}
	return all
}
