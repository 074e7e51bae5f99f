package stackfile

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// spaced returns text, which is root as encode writes it, with the empty lines of the
// source between the entries of the top level and between those below them. New entries
// are as most of those around them.
func spaced(text []byte, root *yaml.Node, layout Layout) []byte {
	gaps, ok := gapsIn(text, root, layout)
	if !ok {
		return text
	}
	var b bytes.Buffer
	b.Grow(len(text) + len(gaps))
	number, blank := 0, true
	for line := range bytes.Lines(text) {
		if gaps[number] && !blank {
			b.WriteByte('\n')
		}
		b.Write(line)
		number, blank = number+1, len(line) == 1
	}
	return b.Bytes()
}

// gapsIn returns the lines of text, counted from 0, that are to have an empty line above. ok
// is false if they cannot be told.
func gapsIn(text []byte, root *yaml.Node, layout Layout) (gaps map[int]bool, ok bool) {
	g := gapFinder{layout: layout, top: newSpacing(nil, root, layout, true), gaps: map[int]bool{}}
	number := 0
	for line := range bytes.Lines(text) {
		if !g.line(number, line) {
			return nil, false
		}
		number++
	}
	return g.gaps, g.below.done() && g.top.done()
}

// gapFinder follows the lines of a text and the entries that they begin.
type gapFinder struct {
	layout     Layout
	top, below spacing
	gaps       map[int]bool
}

// line returns false if the line begins an entry that is not there.
func (g *gapFinder) line(number int, line []byte) bool {
	switch {
	case isEntry(line):
		if !g.below.done() || !g.top.next() {
			return false
		}
		key, value := g.top.entry()
		g.below = newSpacing([]string{key.Value}, value, g.layout, false)
		g.note(number, &g.top)
	case g.below.of != nil && bytes.HasPrefix(line, []byte("  ")) && isEntry(line[2:]):
		if !g.below.next() {
			return false
		}
		g.note(number, &g.below)
	}
	return true
}

// note notes the gap above the entry of s whose key is in line number.
func (g *gapFinder) note(number int, s *spacing) {
	if key, _ := s.entry(); s.gap() {
		g.gaps[number-linesOf(key.HeadComment)] = true
	}
}

// isEntry reports whether line begins with the key of an entry.
func isEntry(line []byte) bool {
	return !bytes.ContainsAny(line[:1], " #-\n]}")
}

// linesOf is how many lines comment has.
func linesOf(comment string) int {
	if comment == "" {
		return 0
	}
	return strings.Count(comment, "\n") + 1
}

// spacing goes through the entries of a mapping. The zero one has none.
type spacing struct {
	of   *yaml.Node
	at   int // in of.Content
	top  bool
	gaps []bool // by entry
}

// newSpacing returns the spacing of node, of which usual is what its entries get if the
// source does not tell.
func newSpacing(path []string, node *yaml.Node, layout Layout, usual bool) spacing {
	if node.Kind != yaml.MappingNode || node.Style&yaml.FlowStyle != 0 {
		return spacing{}
	}
	s := spacing{of: node, at: -2, top: len(path) == 0, gaps: make([]bool, len(node.Content)/2)}
	separated, told := 0, make([]bool, len(s.gaps))
	count := 0
	for i := range s.gaps {
		if s.gaps[i], told[i] = layout.Separated(append(slices.Clip(path), node.Content[2*i].Value)); told[i] {
			count++
		}
		if s.gaps[i] {
			separated++
		}
	}
	if count > 0 {
		usual = 2*separated >= count || usual && separated > 0
	}
	for i := range s.gaps {
		s.gaps[i] = s.gaps[i] || usual && !told[i]
	}
	return s
}

func (s *spacing) next() bool {
	s.at += 2
	return s.at < len(s.of.Content)
}

func (s *spacing) done() bool { return s.of == nil || s.at+2 >= len(s.of.Content) }

func (s *spacing) entry() (key, value *yaml.Node) { return s.of.Content[s.at], s.of.Content[s.at+1] }

// gap tells whether an empty line is above the entry. Texts at the top are a block.
func (s *spacing) gap() bool {
	_, value := s.entry()
	if s.at == 0 || s.top && value.Kind == yaml.ScalarNode && s.of.Content[s.at-1].Kind == yaml.ScalarNode {
		return false
	}
	return s.gaps[s.at/2]
}
