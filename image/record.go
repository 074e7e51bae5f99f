package image

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// RecordKey is the stack file's top-level key for what was looked up.
const RecordKey = "x-images"

// Record returns the value of RecordKey for configs, by image: one line each, in the words
// of its Dockerfile. It is nil for no configs. The writer of the stack file doubles the "$"
// in it, as in all text.
func Record(configs map[string]images.Config) map[string]any {
	if len(configs) == 0 {
		return nil
	}
	all := map[string]any{}
	for name, c := range configs {
		all[name] = line(c)
	}
	return all
}

// Recorded returns the configs that Record, or a person, wrote into the stack file with
// this content, by image. It returns nil if content is not YAML, and leaves out a line
// that it cannot parse.
func Recorded(content []byte) map[string]images.Config {
	var file struct {
		Images map[string]yaml.Node `yaml:"x-images"`
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		return nil
	}
	all := map[string]images.Config{}
	for name, node := range file.Images {
		if config, ok := recorded(&node); ok {
			all[name] = config
		}
	}
	return all
}

func recorded(node *yaml.Node) (images.Config, bool) {
	if node.Kind == yaml.ScalarNode {
		return parseLine(strings.ReplaceAll(node.Value, "$$", "$"))
	}
	var old formerRecord
	if node.Kind != yaml.MappingNode || node.Decode(&old) != nil {
		return images.Config{}, false
	}
	return old.config(), true
}

// formerRecord is an entry as versions before the one line wrote it.
type formerRecord struct {
	Entrypoint  []string      `yaml:"entrypoint"`
	Command     []string      `yaml:"command"`
	Shell       []string      `yaml:"shell"`
	Healthcheck []string      `yaml:"healthcheck"`
	Variables   []string      `yaml:"variables"`
	HasShell    images.Answer `yaml:"has-shell"`
}

func (r formerRecord) config() images.Config {
	return images.Config{
		Entrypoint: undouble(r.Entrypoint), Command: undouble(r.Command), Shell: undouble(r.Shell),
		Healthcheck: undouble(r.Healthcheck), Variables: undouble(r.Variables), HasShell: r.HasShell,
	}
}

func undouble(words []string) []string {
	for i, word := range words {
		words[i] = strings.ReplaceAll(word, "$$", "$")
	}
	return words
}
