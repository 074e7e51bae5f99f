package compose

import (
	"bytes"

	"go.yaml.in/yaml/v4"
)

// gapsOf returns, for each line of content and from 1, whether an empty line is above it;
// comments may be between the two.
func gapsOf(content []byte) []bool {
	gaps := []bool{false}
	gap := false
	for line := range bytes.Lines(content) {
		text := bytes.TrimSpace(line)
		gap = gap || len(text) == 0
		gaps = append(gaps, gap)
		if len(text) > 0 && text[0] != '#' {
			gap = false
		}
	}
	return gaps
}

// noteGaps notes the gaps above the keys of mapping, a copy, but for the first one.
func (c layoutCopy) noteGaps(gaps []bool, mapping *yaml.Node) {
	if mapping.Kind != yaml.MappingNode || mapping.Style&yaml.FlowStyle != 0 {
		return
	}
	for i := 2; i+1 < len(mapping.Content); i += 2 {
		if key := mapping.Content[i]; key.Line < len(gaps) {
			c.separated[key] = gaps[key.Line]
		}
	}
}
