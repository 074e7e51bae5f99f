package stackfile

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// pieceLen is how many services are encoded at a time. The encoder keeps a node's events,
// each with a copy of its text, until the whole document is written.
const pieceLen = 8

// encode writes root as YAML, a long services: in pieces. The bytes are those of one
// piece.
func encode(root *yaml.Node) ([]byte, error) {
	var body bytes.Buffer
	for i, piece := range pieces(root) {
		text, err := encodeWhole(piece)
		if err != nil {
			return nil, fmt.Errorf("write the stack file: %w", err)
		}
		if i > 0 && piece.Content[0].Value == servicesKey {
			_, text, _ = bytes.Cut(text, []byte("\n")) // the key is there already
		}
		body.Write(text)
	}
	return body.Bytes(), nil
}

func encodeWhole(node *yaml.Node) ([]byte, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return nil, err
	}
	if err := encoder.Close(); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

const servicesKey = "services"

// pieces splits root, a mapping, after every pieceLen services: the entries up to the
// first ones, the services that follow, and the entries below services:. It is root alone
// if it has few services, or a comment at whose place a split would show.
func pieces(root *yaml.Node) []*yaml.Node {
	at := slices.IndexFunc(root.Content, func(node *yaml.Node) bool { return node.Value == servicesKey })
	if at < 0 || at%2 != 0 || root.FootComment != "" {
		return []*yaml.Node{root}
	}
	key, services := root.Content[at], root.Content[at+1]
	if len(services.Content) <= 2*pieceLen || hasFoot(services) || key.FootComment != "" {
		return []*yaml.Node{root}
	}
	var all []*yaml.Node
	for chunk := range slices.Chunk(services.Content, 2*pieceLen) {
		if chunk[0].HeadComment != "" {
			return []*yaml.Node{root}
		}
		block := *services
		block.Content = chunk
		if len(all) == 0 {
			first := *root
			first.Content = append(slices.Clone(root.Content[:at]), key, &block)
			all = append(all, &first)
			continue
		}
		block.HeadComment, block.LineComment = "", ""
		all = append(all, mappingOf(&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: servicesKey}, &block))
	}
	if rest := root.Content[at+2:]; len(rest) > 0 {
		if rest[0].HeadComment != "" {
			return []*yaml.Node{root}
		}
		all = append(all, mappingOf(rest...))
	}
	return all
}

func mappingOf(entries ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Content: entries}
}

// hasFoot reports whether a comment follows node or anything in it: what comes next
// begins on another line then.
func hasFoot(node *yaml.Node) bool {
	return node.FootComment != "" || slices.ContainsFunc(node.Content, hasFoot)
}
