package stackfile

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// ChildInput is what docker stack deploy itself takes from the machine for a stack file, in
// addition to its ${NAME} without a default: it is not only x-from that says where texts come
// from.
type ChildInput struct {
	// Names are the variables that are filled in if its environment has them: ${NAME:-…},
	// NAME alone or empty in environment:, and in env files. Sorted, each once.
	Names []Filled
	// Files are those that env_file:, and file: of a secret or config, name; as they are
	// written, sorted, each once.
	Files []string
}

// Filled is a variable that docker stack deploy may fill in.
type Filled struct {
	Name string
	Path string // where: services.app.environment
	File string // the stack file
}

// ReadChildInput reads the stack files at paths, which Read accepts. Merges and aliases are
// followed, as the docker CLI follows them.
func ReadChildInput(paths []string) (ChildInput, error) {
	var in ChildInput
	for _, path := range paths {
		content, err := regular.Read(path)
		if err != nil {
			return ChildInput{}, document.FileError(path, err)
		}
		docs, err := document.Parse(path, content)
		if err != nil {
			return ChildInput{}, err
		}
		// The docker CLI reads all files from the folder of the first.
		c := childReader{file: path, dir: filepath.Dir(paths[0]), input: &in}
		for _, doc := range docs {
			c.document(doc)
		}
	}
	slices.Sort(in.Files)
	in.Files = slices.Compact(in.Files)
	slices.SortFunc(in.Names, func(a, b Filled) int { return strings.Compare(a.Name+"\x00"+a.Path, b.Name+"\x00"+b.Path) })
	in.Names = slices.Compact(in.Names)
	return in, nil
}

// childReader reads one stack file.
type childReader struct {
	file, dir string
	input     *ChildInput
}

func (c childReader) document(doc *yaml.Node) {
	var model map[string]any
	if doc.Decode(&model) != nil {
		return // the docker CLI fails too
	}
	for name, value := range block(model["services"]) {
		service, where := block(value), "services."+name
		c.entries(where+".environment", service["environment"])
		for _, path := range texts(service["env_file"]) {
			c.envFile(where+".env_file", path)
		}
		c.defaults(where, service)
	}
	for _, kind := range []string{"secrets", "configs"} {
		for _, value := range block(model[kind]) {
			c.input.Files = append(c.input.Files, texts(block(value)["file"])...)
		}
		c.defaults(kind, model[kind])
	}
	for _, kind := range []string{"networks", "volumes"} {
		c.defaults(kind, model[kind])
	}
}

// fills notes that the variable called name is filled in at where.
func (c childReader) fills(name, where string) {
	c.input.Names = append(c.input.Names, Filled{Name: name, Path: where, File: c.file})
}

// entries notes the variables of environment: that have no text of their own.
func (c childReader) entries(where string, value any) {
	for name, text := range block(value) {
		if text == nil || isHollow(text) {
			c.fills(name, where)
		}
	}
	for _, entry := range texts(value) {
		if name, text, _ := strings.Cut(entry, "="); isHollow(text) {
			c.fills(name, where)
		}
	}
}

// isHollow reports whether text may be empty once its expressions are filled in.
func isHollow(value any) bool {
	text, isText := value.(string)
	parts, err := expression.Parse(text)
	return isText && err == nil && !slices.ContainsFunc(parts, func(p expression.Part) bool { return p.Name == "" })
}

// envFile notes the file, and the variables in it that have no text. One that cannot be
// read is for the docker CLI to report.
func (c childReader) envFile(where, path string) {
	c.input.Files = append(c.input.Files, path)
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.dir, path)
	}
	content, err := regular.Read(path)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(content)) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), "=")
		if name != "" && !strings.HasPrefix(name, "#") && text == "" {
			c.fills(name, where)
		}
	}
}

// defaults notes the variables in value that have a default, which counts only if the
// environment does not have them.
func (c childReader) defaults(where string, value any) {
	switch value := value.(type) {
	case string:
		c.expressions(where, value)
	case []any:
		for _, item := range value {
			c.defaults(where, item)
		}
	default:
		for key, item := range block(value) {
			if !strings.HasPrefix(key, "x-") {
				c.defaults(where+"."+key, item)
			}
		}
	}
}

func (c childReader) expressions(where, text string) {
	parts, err := expression.Parse(text)
	if err != nil {
		return // Read reports it
	}
	for _, part := range parts {
		if part.Name != "" {
			c.fills(part.Name, where)
			c.expressions(where, part.Word)
		}
	}
}

// block returns value as a mapping, nil if it is none.
func block(value any) map[string]any {
	if entries, ok := value.(map[string]any); ok {
		return entries
	}
	other, _ := value.(map[any]any)
	entries := make(map[string]any, len(other))
	for key, entry := range other { // of which one is no text
		entries[fmt.Sprint(key)] = entry
	}
	return entries
}

// texts returns the texts of a list, of entries with a path:, or the one text that value is.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, item := range value {
			all = append(all, texts(item)...)
		}
		return all
	case map[string]any:
		return texts(value["path"])
	}
	return nil
}
