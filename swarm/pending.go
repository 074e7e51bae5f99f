package swarm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	types "github.com/docker/docker/api/types/swarm"
)

// labelPending marks a version that a job may have brought in somewhere, and names
// the service beside which it ran. It means something until the version, or a
// newer one, is in use.
const labelPending = "com.docker-secrets.pending"

// pending returns the marked versions of that logical name which are newer than the
// one with that ID, the newest first.
func (s State) pending(name, id string) []Object {
	versions := s.Versions(name)
	i := slices.IndexFunc(versions, func(o Object) bool { return o.ID == id })
	if i < 0 {
		i = len(versions)
	}
	return slices.DeleteFunc(versions[:i:i], func(o Object) bool { return o.labels[labelPending] == "" })
}

func (s State) isPending(o Object) bool {
	if o.labels[labelPending] == "" {
		return false
	}
	return !slices.ContainsFunc(s.ours(Want{Kind: o.Kind, Name: o.Owner.Secret}), func(version Object) bool {
		return version.Owner.Version >= o.Owner.Version && len(s.Users(version)) > 0
	})
}

// setPending marks o, or takes the mark off when service is "". o may be as it was
// some time ago.
func setPending(ctx context.Context, api API, o Object, service string) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		now, found, err := lookUp(ctx, api, o.Kind, o.Name)
		switch {
		case err != nil:
			return done, err
		case !found || now.ID != o.ID:
			return done, errors.New("it is gone")
		case now.labels[labelPending] == service:
			return done, nil
		}
		labels := maps.Clone(now.labels)
		labels[labelPending] = service
		if service == "" {
			delete(labels, labelPending)
		}
		// Without data the value stays as it is.
		err = api.SecretUpdate(ctx, now.ID, types.Version{Index: now.index}, types.SecretSpec{
			Annotations: types.Annotations{Name: now.Name, Labels: labels},
		})
		if err != nil && isOutdated(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return done, err
	})
	if err != nil {
		return fmt.Errorf("mark secret %s: %w", o.Name, err)
	}
	return nil
}

// settle takes the marks off the versions that readings changed from.
func (j Job) settle(ctx context.Context, api API, readings []reading) error {
	var errs []error
	for _, r := range readings {
		errs = append(errs, setPending(ctx, api, r.now, ""))
	}
	return errors.Join(errs...)
}
