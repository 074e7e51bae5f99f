// Package graph draws where the secrets of an application come from and who reads them:
// sources, secrets, services. Its Graph is plain data without a value, and each format
// is a function of it. The pictures need no other program and no network.
//
// It does not know stack files, the Swarm, or why a secret has a mark.
package graph

import (
	"io"
	"maps"
	"slices"
)

// Mark says what is to be looked at about a secret or a service.
type Mark string

// The marks, in the order in which they are shown.
const (
	Old    Mark = "old"    // older than it should be
	Weak   Mark = "weak"   // its value protects nothing
	Shared Mark = "shared" // many services, or another stack, have it
	Unused Mark = "unused" // no service has it
	Unread Mark = "unread" // of a service: it does not read its secrets
)

// Graph is what is drawn.
type Graph struct {
	Title    string
	Secrets  []Secret  // sorted by name
	Services []Service // sorted by name
}

// Secret is one secret.
type Secret struct {
	Name     string
	Object   string   // its version on the Swarm, "" if that is called like it
	Sources  []string // where its value comes from
	Made     []string // other secrets that it is made of
	Services []string // that get it
	Marks    []Mark
}

// Service is one service.
type Service struct {
	Name  string
	Marks []Mark
}

// Formats are the formats, with what writes each.
//
//nolint:gochecknoglobals // a table, never written
var Formats = map[string]func(io.Writer, Graph) error{
	"mermaid": Mermaid, "dot": DOT, "svg": SVG, "html": HTML,
}

// column is which of the three columns a node is in.
type column string

const (
	sourceColumn  column = "source"
	secretColumn  column = "secret"
	serviceColumn column = "service"
)

// node is a box.
type node struct {
	column column
	name   string
	detail string
	marks  []Mark
}

// edge goes from one node to another, by index.
type edge struct{ from, to int }

// drawing is a graph as boxes and lines.
type drawing struct {
	nodes []node
	edges []edge
	index map[[2]string]int // by column and name
}

// draw returns the boxes and the lines between them: sources, secrets and services, each
// sorted by name.
func (g Graph) draw() *drawing {
	d := &drawing{index: map[[2]string]int{}}
	for _, name := range g.sources() {
		d.add(node{column: sourceColumn, name: name})
	}
	for _, s := range g.Secrets {
		d.add(node{column: secretColumn, name: s.Name, detail: versionOf(s), marks: s.Marks})
	}
	for _, s := range g.Services {
		d.add(node{column: serviceColumn, name: s.Name, marks: s.Marks})
	}
	for _, s := range g.Secrets {
		for _, source := range s.Sources {
			d.link(sourceColumn, source, secretColumn, s.Name)
		}
		for _, part := range s.Made {
			d.link(secretColumn, part, secretColumn, s.Name)
		}
		for _, service := range s.Services {
			d.link(secretColumn, s.Name, serviceColumn, service)
		}
	}
	return d
}

func (d *drawing) add(n node) {
	key := [2]string{string(n.column), n.name}
	if _, known := d.index[key]; !known {
		d.index[key] = len(d.nodes)
		d.nodes = append(d.nodes, n)
	}
}

func (d *drawing) link(from column, source string, to column, target string) {
	f, found := d.index[[2]string{string(from), source}]
	t, known := d.index[[2]string{string(to), target}]
	if line := (edge{f, t}); found && known && !slices.Contains(d.edges, line) {
		d.edges = append(d.edges, line)
	}
}

func (g Graph) sources() []string {
	all := map[string]bool{}
	for _, s := range g.Secrets {
		for _, source := range s.Sources {
			all[source] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
