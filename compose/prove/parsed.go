package prove

import (
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
)

// Parsed is a finished stack file, parsed once for all questions.
type Parsed struct {
	docs     []*yaml.Node // flat
	comments []Left       // those with a credential
}

// Parse reads content, the bytes of a stack file, and knows nothing but them. The error
// quotes no text.
func Parse(content []byte) (*Parsed, error) {
	docs, err := document.Parse("", stackfile.Body(content))
	if err != nil {
		return nil, err
	}
	p := &Parsed{docs: docs}
	for _, doc := range docs {
		p.comments = append(p.comments, tellingComments("", doc)...) // a merged text would show its comments again
		document.Flatten(doc)
	}
	return p, nil
}
