package image

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// RecordKey is the stack file's top-level key for what was looked up.
const RecordKey = "x-images"

// record is one image's entry under RecordKey.
type record struct {
	Entrypoint  []string      `yaml:"entrypoint,omitempty"`
	Command     []string      `yaml:"command,omitempty"`
	Shell       []string      `yaml:"shell,omitempty"`
	Healthcheck []string      `yaml:"healthcheck,omitempty"`
	Variables   []string      `yaml:"variables,omitempty"`
	HasShell    images.Answer `yaml:"has-shell,omitempty"`
}

// Record is what stands under RecordKey for configs, by image; nil for none. The
// writer doubles its "$" like any other.
func Record(configs map[string]images.Config) map[string]any {
	if len(configs) == 0 {
		return nil
	}
	all := map[string]any{}
	for name, c := range configs {
		entry := map[string]any{}
		for key, words := range map[string][]string{
			"entrypoint": c.Entrypoint, "command": c.Command, "shell": c.Shell, "healthcheck": c.Healthcheck, "variables": c.Variables,
		} {
			if len(words) > 0 {
				entry[key] = words
			}
		}
		if c.HasShell != images.NotKnown {
			entry["has-shell"] = string(c.HasShell)
		}
		all[name] = entry
	}
	return all
}

// Recorded reads what Record left in the stack file with this content, by image.
// What is no stack file holds no answers.
func Recorded(content []byte) map[string]images.Config {
	var file struct {
		Images map[string]record `yaml:"x-images"`
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil
	}
	all := map[string]images.Config{}
	for name, r := range file.Images {
		all[name] = images.Config{
			Entrypoint: undouble(r.Entrypoint), Command: undouble(r.Command), Shell: undouble(r.Shell),
			Healthcheck: undouble(r.Healthcheck), Variables: undouble(r.Variables), HasShell: r.HasShell,
		}
	}
	return all
}

func undouble(words []string) []string {
	for i, word := range words {
		words[i] = strings.ReplaceAll(word, "$$", "$")
	}
	return words
}
