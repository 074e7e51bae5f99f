package stackfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// Made is what a stack file was made with: the flags of migrate, the values of the
// variables that Compose interpolated and that are no secrets, and which secrets had no
// value. The file shows those values anyway. Paths are relative to its folder.
type Made struct {
	Unset                        []string // secrets, sorted
	Files, EnvFiles, Profiles    []string
	Name, ProjectDir, Prefix, To string
	KeepNames                    bool
	Variables                    map[string]string
}

// madeKey is the block of a stack file that holds Made.
const madeKey = "x-migrate"

// block is m as the stack file has it: named after the flags, without what is empty. It
// is nil if nothing is left.
func (m Made) block() map[string]any {
	block := map[string]any{}
	for key, list := range map[string][]string{"file": m.Files, "env-file": m.EnvFiles, "profile": m.Profiles, "unset": m.Unset} {
		if len(list) > 0 {
			block[key] = list
		}
	}
	for key, text := range map[string]string{"project-name": m.Name, "project-directory": m.ProjectDir, "prefix": m.Prefix, "to": m.To} {
		if text != "" {
			block[key] = text
		}
	}
	if m.KeepNames {
		block["no-interpolate"] = true
	}
	if len(m.Variables) > 0 {
		variables := map[string]any{}
		for name, text := range m.Variables {
			variables[name] = text
		}
		block["variables"] = variables
	}
	if len(block) == 0 {
		return nil
	}
	return block
}

// readMade reads the block x-migrate of a stack file.
func readMade(block *yaml.Node) Made {
	read := func(key string) string { return text(document.Entry(block, key)) }
	list := func(key string) []string { return slices.Clip(words(document.Entry(block, key))) }
	m := Made{
		Files: list("file"), EnvFiles: list("env-file"), Profiles: list("profile"), Name: read("project-name"),
		ProjectDir: read("project-directory"), Prefix: read("prefix"), To: read("to"), KeepNames: read("no-interpolate") == "true",
		Variables: map[string]string{}, Unset: list("unset"),
	}
	document.Each(document.Entry(block, "variables"), func(key, value *yaml.Node) { m.Variables[key.Value] = text(value) })
	return m
}
