package swarm

import (
	"context"
	"errors"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
)

// label writes op's source, and what was allowed about it, into the labels of its secret, if it has to. Without
// data the update cannot touch the value. Labels that somebody changed since the
// snapshot are left to the next deploy.
func label(ctx context.Context, api API, op Op) error {
	if op.label == nil {
		return nil
	}
	if op.label.index == 0 {
		return errors.New("its version is not known")
	}
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		err = api.SecretUpdate(ctx, op.label.ID, types.Version{Index: op.label.index}, types.SecretSpec{
			Annotations: types.Annotations{Name: op.label.Name, Labels: withAllowed(withSource(op.label.labels, op.source), op.allowed)},
		})
		if err != nil && strings.Contains(err.Error(), answerEqual) {
			return done, nil
		}
		return done, err
	})
	return err
}
