package compose

import (
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// Documents reads places of compose files, and each file once. It is safe for
// concurrent use.
type Documents struct {
	mu    sync.Mutex
	files map[string]parsed // by path
	index func(node *yaml.Node) keyedValues
}

// parsed is what became of one file.
type parsed struct {
	docs []*yaml.Node
	err  error
}

// NewDocuments returns Documents that have read nothing.
func NewDocuments() *Documents { return &Documents{files: map[string]parsed{}, index: newIndex()} }

// of returns the YAML documents of file, in order. The caller holds d.mu.
func (d *Documents) of(file string) ([]*yaml.Node, error) {
	known, ok := d.files[file]
	if !ok {
		known.docs, known.err = readDocuments(file)
		d.files[file] = known
	}
	return known.docs, known.err
}

func readDocuments(file string) ([]*yaml.Node, error) {
	content, err := regular.Read(file)
	if err != nil {
		return nil, document.FileError(file, err)
	}
	return document.Parse(file, content)
}
