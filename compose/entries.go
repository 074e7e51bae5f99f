package compose

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// environment collects a service's variables: those of environment:, then those
// of its env files that environment: does not set. The later file wins, as in
// compose-go's WithServicesEnvironmentResolved.
func (a *Application) environment(name string, service map[string]any) (map[string]entry, error) {
	image, _ := service["image"].(string)
	if service["build"] != nil {
		image = ""
	}
	entries, explicit := a.explicitEntries(name, service)
	fromFiles, err := a.envFileEntries(name, service["env_file"], explicit, entries)
	for key, e := range fromFiles {
		if _, ok := entries[key]; !ok {
			entries[key] = e
		}
	}
	if nameless, ok := entries[""]; ok {
		err = errors.Join(err, fmt.Errorf("%s: services.%s: a variable without a name; write NAME=VALUE", nameless.variable.Place, name))
	}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if v := entries[key].variable; key != "" && !isVariableName(key, v.Set) {
			err = errors.Join(err, fmt.Errorf("%s: services.%s.environment: not the name of a variable; write NAME=VALUE", v.Place, name))
		}
	}
	for key, e := range entries {
		v := e.variable
		v.Service, v.Image, v.Name = name, image, key
		v.Uses = slices.DeleteFunc(v.Uses, func(used string) bool {
			_, own := entries[used]
			return !own && !a.isVariable(used)
		})
	}
	return entries, err
}

// isVariableName tells whether name can be what the author meant as a name. One that
// nothing sets has no other sign than letters, digits and "_.-": a value may follow
// another.
func isVariableName(name string, set bool) bool {
	allowed := "_.-"
	if set {
		allowed += ":/"
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(allowed, r)
	}) && len(verdict.Credentials(name)) == 0
}

// isVariable tells whether anything gives name a value. If nothing does, name may
// be the half of a password that follows a "$".
func (a *Application) isVariable(name string) bool {
	_, set := a.src.env.Value(name)
	return set || len(a.seen[name]) > 0
}

// explicitEntries returns the variables of environment:, and the values of those
// that are set.
func (a *Application) explicitEntries(service string, model map[string]any) (entries map[string]entry, set variables) {
	written := environmentEntries(model["environment"])
	entries, set = make(map[string]entry, len(written)), make(variables, len(written))
	for _, key := range slices.Sorted(maps.Keys(written)) { // in order: see firstPlace
		scalar := written[key]
		value, isSet := a.src.env.Value(key)
		if scalar != nil {
			value, isSet = secret.NewValue(asText(scalar)), true
		}
		if isSet {
			set[key] = value
		}
		v := a.explicitVariable(service, key, value, isSet)
		v.Value, v.Set = value, isSet
		entries[key] = entry{explicit: true, variable: &v}
	}
	return entries, set
}

// environmentEntries reads either form of environment:. A bare key gives nil.
func environmentEntries(value any) map[string]any {
	switch v := value.(type) {
	case map[string]any:
		return v
	case []any:
		entries := map[string]any{}
		for _, item := range v {
			key, text, ok := strings.Cut(asText(item), "=")
			if entries[key] = nil; ok {
				entries[key] = text
			}
		}
		return entries
	}
	return nil
}

// asText returns a YAML scalar as Compose gives it to a container; "" for nil.
func asText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return fmt.Sprint(value)
}

// explicitVariable returns the place, the source and the variables of an entry of
// environment:. value is what Compose gives the entry.
func (a *Application) explicitVariable(service, key string, value secret.Value, set bool) classify.Variable {
	p := a.tree.locate("services", service, "environment", key)
	v := classify.Variable{Place: a.tree.at(p), Shown: true}
	raw, bare := rawEntry(p)
	if !p.found() || bare {
		v.Of, v.Uses = key, []string{key}
		v.Shown = false
		v.From = a.fromEnvironment(use{name: key, value: value, unset: !set})
		v.Pieces = []classify.Piece{{Value: value, Variable: key, Unset: !set}}
		return v
	}
	v.From, v.Respelled = a.composeReference(a.firstPlace(p)), p.key != nil && raw != p.node.Value
	parts, err := expression.Parse(raw)
	if err != nil {
		return v
	}
	v.Uses = expression.Names(parts, nil)
	pieces, err := expression.Pieces(parts, p.branch.env.Lookup)
	for _, piece := range pieces {
		v.Shown = v.Shown && piece.Variable == ""
	}
	if v.Pieces = piecesOf(pieces, value); err != nil || v.Pieces == nil {
		return v // merged from several files: deploy evaluates the reference all the same
	}
	if len(v.Pieces) != 1 {
		return v
	}
	only := v.Pieces[0]
	v.Of = cmp.Or(only.Variable, only.Default)
	if only.Variable != "" {
		if from := a.fromEnvironment(use{name: only.Variable, value: value, unset: only.Unset}); !from.IsZero() {
			v.From = from
		}
	}
	return v
}

// piecesOf are the pieces of value; nil when they do not give it.
func piecesOf(pieces []expression.Piece, value secret.Value) []classify.Piece {
	var all []classify.Piece
	var text strings.Builder
	for _, piece := range pieces {
		text.WriteString(piece.Text)
		all = append(all, classify.Piece{Value: secret.NewValue(piece.Text), Variable: piece.Variable, Unset: piece.Unset, Default: piece.Default})
	}
	if !value.Equal(secret.NewValue(text.String())) {
		return nil
	}
	return all
}

// rawEntry returns the text at p before interpolation. bare is true if p is a key
// alone, or nowhere.
func rawEntry(p location) (raw string, bare bool) {
	if !p.found() {
		return "", true
	}
	if p.key != nil {
		return typedText(p.node), p.node.Tag == "!!null"
	}
	_, raw, found := strings.Cut(p.node.Value, "=")
	return raw, !found
}

// firstPlace returns p with the path at which its node was found first: services that share
// an anchor have one place, and so one reference.
func (a *Application) firstPlace(p location) location {
	if a.places == nil {
		known := map[*yaml.Node][]string{}
		a.places = func(p location) []string {
			if known[p.node] == nil {
				known[p.node] = p.path
			}
			return known[p.node]
		}
	}
	p.path = a.places(p)
	return p
}

// composeReference returns compose://FILE#PATH. It names the env files to
// interpolate with if they are not the stack file's own.
func (a *Application) composeReference(p location) secret.Reference {
	ref := secret.Reference{Scheme: "compose", Path: a.src.fromOut(p.branch.path), Fragment: strings.Join(p.path, ".")}
	files, implied := a.src.envFiles, a.src.implied && a.src.dir == a.src.out
	if len(p.branch.envFiles) > 0 {
		files, implied = p.branch.envFiles, false
	}
	if !implied && strings.Contains(p.node.Value, "$") {
		for _, file := range files {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}

// typedText returns a scalar as Compose reads it: of a number, a date or a truth value
// that is not quoted, what Go prints. 0123456 is 42798, 1.50 is 1.5.
func typedText(node *yaml.Node) string {
	switch node.ShortTag() {
	case "!!int", "!!float", "!!bool", "!!timestamp":
		var value any
		if node.Decode(&value) == nil {
			return asText(value)
		}
	}
	return node.Value
}
