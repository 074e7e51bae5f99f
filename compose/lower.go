package compose

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Lower turns a rewritten model into the stack schema that `docker stack deploy`
// takes. Every key that was changed or dropped gives one warning, with its place
// in the source. The model is not changed.
func (a *Application) Lower(model map[string]any, layout *Layout) (map[string]any, []transform.Warning, error) {
	stack, changes, err := lower.Lower(model, lower.Options{Project: a.Name})
	if err != nil {
		return nil, nil, err
	}
	warnings := make([]transform.Warning, len(changes))
	for i, c := range changes {
		path := c.Path
		if where := layout.At(splitPath(c.Path)...); where != "" {
			path = where + " " + c.Path
		}
		warnings[i] = transform.Warning{Code: c.Code, Service: c.Service, Path: path, Message: c.Message, Loss: c.Loss}
	}
	return stack, warnings, nil
}

var indexed = regexp.MustCompile(`\[\d+\]`)

// splitPath is a model path's keys. Where a service's name holds dots, only what
// is above it is found, which is enough for a line.
func splitPath(path string) []string {
	return strings.Split(indexed.ReplaceAllString(path, ""), ".")
}

// Line is FILE:LINE followed by path, for a path in the model.
func (l *Layout) Line(path string) string {
	if where := l.At(splitPath(path)...); where != "" {
		return fmt.Sprintf("%s %s", where, path)
	}
	return path
}
