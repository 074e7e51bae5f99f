package compose

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/secret"
)

// dropEnvFiles puts /dev/null in the place of env files that an include of the compose
// files names and that do not exist: compose-go refuses them, and what they set is
// recalled. Lines stay where they are.
func (s *sources) dropEnvFiles() {
	for i, file := range s.files {
		docs, err := document.Parse("", file.Content())
		if err != nil {
			continue // the load reports it
		}
		lines := strings.SplitAfter(file.content.Reveal(), "\n")
		for _, node := range includedEnvFiles(docs) {
			if !strings.Contains(node.Value, "$") && !isFile(inFolder(s.dir, node.Value)) {
				replaceScalar(lines, node, "/dev/null")
			}
		}
		s.files[i].content = secret.NewValue(strings.Join(lines, ""))
	}
}

// includedEnvFiles are the texts of env_file in the include lists of docs.
func includedEnvFiles(docs []*yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	for _, doc := range docs {
		for _, entry := range document.Sequence(document.Entry(doc, "include")) {
			all = append(all, scalarsOf(document.Entry(entry, "env_file"))...)
		}
	}
	return all
}

// scalarsOf are the texts of node: itself, or its items.
func scalarsOf(node *yaml.Node) []*yaml.Node {
	if node = document.Follow(node); node == nil {
		return nil
	}
	if node.Kind == yaml.ScalarNode {
		return []*yaml.Node{node}
	}
	return slices.DeleteFunc(slices.Clone(document.Sequence(node)), func(item *yaml.Node) bool { return item.Kind != yaml.ScalarNode })
}

// replaceScalar replaces the text of node, which is on one of lines, by text.
func replaceScalar(lines []string, node *yaml.Node, text string) {
	if node.Line < 1 || node.Line > len(lines) || node.Column < 1 || node.Column > len(lines[node.Line-1]) {
		return
	}
	before, after := lines[node.Line-1][:node.Column-1], lines[node.Line-1][node.Column-1:]
	lines[node.Line-1] = before + strings.Replace(after, node.Value, text, 1)
}
