package swarm

import (
	"context"
	"errors"
	"fmt"
)

// Discard removes the secrets that plan created, for which nothing has found a use,
// and returns their names on the Swarm.
func Discard(ctx context.Context, api API, plan Plan) ([]string, error) {
	var names []string
	var errs []error
	for _, op := range plan.Ops {
		if op.Type != OpCreate || op.Kind != Secret {
			continue
		}
		object, found, err := lookUpAgain(ctx, api, op)
		if err == nil && found {
			op.id = object.ID
			err = remove(ctx, api, op)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("remove secret %s: %w", op.Name, explain(err, api)))
			continue
		}
		names = append(names, op.Name)
	}
	return names, errors.Join(errs...)
}
