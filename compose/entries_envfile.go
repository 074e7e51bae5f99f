package compose

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// envFileEntries reads the env files of a service in order. explicit has the
// variables that environment: sets, named all that it names.
func (a *Application) envFileEntries(service string, list any, explicit variables, named map[string]entry) (map[string]entry, error) {
	files, _ := list.([]any)
	if len(files) == 0 {
		return nil, nil
	}
	entries := map[string]entry{}
	before := maps.Clone(explicit)
	lookup := either(a.src.env.Lookup, explicit.lookup)
	var missing, required []string
	for _, item := range files {
		file := mapping(item)
		path := inFolder(a.src.dir, asText(file["path"]))
		format := asText(file["format"])
		if _, err := os.Stat(path); os.IsNotExist(err) {
			if isRequired, ok := file["required"].(bool); !ok || isRequired {
				required = append(required, path)
			}
			missing = append(missing, path)
			continue
		}
		vars, marked, err := a.readEnvFile(path, format, before, lookup)
		if err != nil {
			return entries, fmt.Errorf("services.%s.env_file: %w", service, a.tree.shownWritten(err, path))
		}
		maps.Copy(before, vars)
		for key, value := range vars {
			text := marked[key].Reveal()
			uses := usesOf(text)
			entries[key] = entry{variable: &classify.Variable{
				Value: value, Set: true, Uses: uses, From: a.envFileReference(path, format, key, len(uses) > 0), Place: a.src.show(path),
				Pieces: markedPieces(text, value, either(lookup, before.lookup)),
			}}
		}
	}
	keys := map[string]bool{}
	for key := range named {
		keys[key] = true
	}
	if len(missing) > 0 && !a.recallEnvFiles(service, missing, keys, entries) && len(required) > 0 {
		return entries, a.missingEnvFile(service, required[0])
	}
	return entries, nil
}

// either asks first, and second for what first does not know.
func either(first, second expression.Lookup) expression.Lookup {
	return func(name string) (string, bool) {
		if text, ok := first(name); ok {
			return text, true
		}
		return second(name)
	}
}

// envFileReference returns dotenv://PATH#KEY. A value that interpolates variables
// needs the env files that Compose would interpolate it with.
func (a *Application) envFileReference(path, format, key string, interpolates bool) secret.Reference {
	ref := secret.Reference{Scheme: "dotenv", Path: a.src.fromOut(path), Fragment: key}
	if format != "" {
		ref.Query = []secret.Param{{Key: "format", Value: format}}
	}
	if interpolates && (!a.src.implied || a.src.dir != a.src.out) {
		for _, file := range a.src.envFiles {
			ref.Query = append(ref.Query, secret.Param{Key: "file", Value: a.src.fromOut(file)})
		}
	}
	return ref
}

func (a *Application) missingEnvFile(service, path string) error {
	where := a.tree.at(a.tree.locate("services", service, "env_file"))
	if where != "" {
		where += ": "
	}
	return fmt.Errorf("%sservices.%s.env_file: %s does not exist; create it or set required: false", where, service, a.tree.writtenPath(path, a.tree.all()...))
}

// The marks around the name of a variable while an env file is read only to learn
// which variables each of its values uses. Unicode's plane 16 is for private use,
// and icon fonts use none of these characters.
const (
	markOpen  = "\U0010F0F0"
	markClose = "\U0010F0F1"
)

// readEnvFile returns what ReadEnvFile does, and for each key its value with a mark in the
// place of every variable. Services share their env files: one that uses no variable is
// read once for all of them.
func (a *Application) readEnvFile(path, format string, before variables, lookup expression.Lookup) (vars, marked variables, err error) {
	key := path + "\x00" + format
	if fixed, ok := a.fixedFiles[key]; ok {
		return fixed, fixed, nil
	}
	if vars, err = ReadEnvFile(path, format, before, lookup); err != nil {
		return nil, nil, err
	}
	marked, asked := markedTexts(path, format)
	if !asked {
		a.fixedFiles[key] = vars
	}
	return vars, marked, nil
}

// markedTexts returns for each key of the env file at path its value with a mark in
// the place of every variable, and whether there is any. It returns nil for a file with
// faults, which ReadEnvFile reports.
func markedTexts(path, format string) (texts variables, asked bool) {
	vars, err := ReadEnvFile(path, format, nil, func(name string) (string, bool) {
		asked = true
		return markOpen + name + markClose, true
	})
	if err != nil {
		return nil, true
	}
	return vars, asked
}

// usesOf returns the variables whose marks are in text, sorted.
func usesOf(text string) []string {
	var uses []string
	for _, piece := range splitMarks(text) {
		if piece.Variable != "" {
			uses = append(uses, piece.Variable)
		}
	}
	slices.Sort(uses)
	return slices.Compact(uses)
}

// splitMarks splits text at its marks.
func splitMarks(text string) []expression.Piece {
	var all []expression.Piece
	for text != "" {
		plain, rest, found := strings.Cut(text, markOpen)
		if plain != "" {
			all = append(all, expression.Piece{Text: plain})
		}
		if !found {
			break
		}
		name, tail, _ := strings.Cut(rest, markClose)
		all = append(all, expression.Piece{Variable: name})
		text = tail
	}
	return all
}

// markedPieces are the pieces of value, which an env file makes as text says; nil when
// what lookup answers does not give it, as where a default was taken.
func markedPieces(text string, value secret.Value, lookup expression.Lookup) []classify.Piece {
	pieces := splitMarks(text)
	for i, piece := range pieces {
		if piece.Variable == "" {
			continue
		}
		given, set := lookup(piece.Variable)
		if pieces[i].Text = given; !set { // what follows a "$" in a password names nothing
			pieces[i] = expression.Piece{Lost: true}
		}
	}
	return piecesOf(pieces, value)
}
