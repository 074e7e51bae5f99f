package compose

import (
	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Lower turns a rewritten model into the stack schema that `docker stack deploy`
// takes. Each key that it changes or drops gives one warning, with its line in the
// source. It does not change model.
func (s *SealedApplication) Lower(model map[string]any) (map[string]any, []transform.Warning, error) {
	stack, changes, err := lower.Lower(model, lower.Options{Project: s.Name})
	if err != nil {
		return nil, nil, err
	}
	warnings := make([]transform.Warning, len(changes))
	for i, c := range changes {
		warnings[i] = transform.Warning{Code: c.Code, Service: c.Service, Path: s.Layout.Line(c.Path), Message: c.Message, Loss: c.Loss}
	}
	return stack, warnings, nil
}
