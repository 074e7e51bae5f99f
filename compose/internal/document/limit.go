package document

import (
	"fmt"
	"math"

	"go.yaml.in/yaml/v4"
)

// The limits of a YAML file. They are far above what an application of 10,000 services
// with 20 variables each has, and below what fills the memory of a small machine.
const (
	MaxNodes   = 1_000_000 // keys, values and items, each alias counted as what it stands for
	maxEntries = 600_000   // lines, commas and brackets: they are counted before the file is parsed
	maxDepth   = 100       // mappings and lists inside of each other, aliases followed
	maxText    = 4 << 20   // bytes of one text
)

// LimitError says which limit a file is above, where, and what to do. It quotes nothing.
type LimitError struct{ Text string }

func (e *LimitError) Error() string { return e.Text }

func limitError(shown string, line int, text string) *LimitError {
	return &LimitError{Text: fmt.Sprintf("%s:%d: %s", shown, line, text)}
}

// checkContent refuses a file that a parser would make more nodes of than may be held. A
// text with as many commas counts as well.
func checkContent(shown string, content []byte) error {
	entries, line := 0, 1
	for i, c := range content {
		switch c {
		case '\n':
			line++
			entries++
		case ',', '[', '{':
			entries++
		case ' ':
			if i > 0 && (content[i-1] == '-' || content[i-1] == '?') { // lists in lists on one line
				entries++
			}
		}
		if entries > maxEntries {
			return limitError(shown, line, "more than 600,000 lines, commas and brackets up to here; split the application into smaller ones")
		}
	}
	return nil
}

// checkNodes refuses documents that are too large once their aliases are replaced by what
// they stand for, as compose-go does.
func checkNodes(shown string, docs []*yaml.Node) error {
	_, err := measure(shown, docs)
	return err
}

// Size returns the number of nodes of docs, each alias counted as what it stands for.
// Documents that Parse returned have at most MaxNodes.
func Size(docs []*yaml.Node) int {
	size, _ := measure("", docs)
	return size
}

func measure(shown string, docs []*yaml.Node) (int, error) {
	m := measuring{shown: shown, known: map[*yaml.Node]extent{}}
	for _, doc := range docs {
		if _, err := m.add(doc, 1); err != nil {
			return m.nodes, err
		}
	}
	return m.nodes, nil
}

// extent is how large an anchored node is.
type extent struct {
	nodes  int
	height int // levels of mappings and lists below and with it; math.MaxInt while that is being counted
}

type measuring struct {
	shown string
	nodes int
	known map[*yaml.Node]extent // by anchored node
}

// add counts node, which is at depth, and returns its height.
func (m *measuring) add(node *yaml.Node, depth int) (height int, err error) {
	if node.Kind == yaml.AliasNode {
		return m.addAlias(node, depth)
	}
	before := m.nodes
	m.nodes++
	if node.Anchor != "" {
		m.known[node] = extent{height: math.MaxInt}
	}
	if err = m.check(node, depth); err != nil {
		return 0, err
	}
	for _, child := range node.Content {
		below, err := m.add(child, depth+1)
		if err != nil {
			return 0, err
		}
		height = max(height, below)
	}
	height++
	if node.Anchor != "" {
		m.known[node] = extent{nodes: m.nodes - before, height: height}
	}
	return height, nil
}

func (m *measuring) addAlias(node *yaml.Node, depth int) (height int, err error) {
	of := m.known[node.Alias]
	if of.height == math.MaxInt {
		return 0, limitError(m.shown, node.Line, "an alias refers to a node that contains it; write the content out")
	}
	m.nodes += of.nodes
	return of.height, m.check(node, depth+of.height-1)
}

// check returns the error for node if a limit is passed there. depth is that of the lowest
// node.
func (m *measuring) check(node *yaml.Node, depth int) error {
	switch {
	case depth > maxDepth:
		return limitError(m.shown, node.Line, "more than 100 mappings and lists inside of each other; write it flatter")
	case m.nodes > MaxNodes:
		return limitError(m.shown, node.Line, "more than 1,000,000 keys and values up to here, with what aliases stand for; split the application, or use fewer aliases")
	case len(node.Value) > maxText:
		return limitError(m.shown, node.Line, "a text of more than 4 MiB; Swarm takes none as large, put it into an image or on a volume")
	}
	return nil
}
