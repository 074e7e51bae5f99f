package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
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

// InClear is a credential that is written out where nothing can be read at run time,
// so that it stays.
type InClear struct {
	Path  string // in the model
	Plain bool   // the owner calls it plain
	Text  secret.Value
	Parts []secret.Value // the credentials in Text, but for public ones
}

// InClear returns what is left in clear of s and is also in stack, which Lower made of
// it, in order of path.
func (s *SealedApplication) InClear(stack map[string]any, sealing classify.Sealing) []InClear {
	var all []InClear
	for _, place := range scalar.Judge(s.Model) {
		c := InClear{Path: place.Path, Plain: sealing.PlainPath(place.Path), Text: place.Text}
		for _, part := range place.Credentials() {
			if !sealing.IsPublic(part) {
				c.Parts = append(c.Parts, part)
			}
		}
		if c.Plain = c.Plain || len(c.Parts) == 0; c.Plain || c.isIn(stack) {
			all = append(all, c)
		}
	}
	return append(all, s.disguised(stack, sealing, all)...)
}

// disguised returns the texts that hold a part of a secret or another form of one, but
// for those of known.
func (s *SealedApplication) disguised(stack map[string]any, sealing classify.Sealing, known []InClear) []InClear {
	var all []InClear
	transform.EachText(s.Model, func(path, text string) {
		if !s.disguise(text) || slices.ContainsFunc(known, func(c InClear) bool { return c.Path == path }) {
			return
		}
		c := InClear{Path: path, Plain: sealing.PlainPath(path), Text: secret.NewValue(text), Parts: []secret.Value{secret.NewValue(text)}}
		// Lower may have split the text, which was a command: its parts are still there.
		if c.Plain || c.isIn(stack) || hasKey(stack, path) {
			all = append(all, c)
		}
	})
	return all
}

// hasKey tells whether the service of path, a path in the model, has its key in stack too.
func hasKey(stack map[string]any, path string) bool {
	service := transform.ServiceOf(path)
	rest, below := strings.CutPrefix(path, "services."+service+".")
	if service == "" || !below {
		return false
	}
	key := rest
	if end := strings.IndexAny(rest, ".["); end >= 0 {
		key = rest[:end]
	}
	_, has := mapping(mapping(stack["services"])[service])[key]
	return has
}

// isIn tells whether a text of value shows a part of c. Lower writes some texts in lower
// case.
func (c InClear) isIn(value any) bool {
	switch v := value.(type) {
	case string:
		return slices.ContainsFunc(c.Parts, func(part secret.Value) bool {
			return strings.Contains(strings.ToLower(v), strings.ToLower(part.Reveal()))
		})
	case map[string]any:
		for _, entry := range v {
			if c.isIn(entry) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, c.isIn)
	case nil:
	default:
		return c.isIn(fmt.Sprint(v))
	}
	return false
}

// Paths are the paths of those of all that the owner does not call plain, each once.
func Paths(all []InClear) []string {
	var paths []string
	for _, c := range all {
		if !c.Plain && !slices.Contains(paths, c.Path) {
			paths = append(paths, c.Path)
		}
	}
	return paths
}

// Warning reports c, which is a loss.
func (s *SealedApplication) Warning(c InClear) transform.Warning {
	return transform.Warning{
		Code: "left-in-clear", Service: transform.ServiceOf(c.Path), Path: s.Layout.Line(c.Path), Loss: true,
		Message: fmt.Sprintf("a credential is in plaintext here, where no file can be read, and is left in clear; deploy refuses it without --inline %s; write ${NAME} in its place, or mark it as plain in x-docker-secrets", c.Path),
	}
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
