package swarm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	types "github.com/docker/docker/api/types/swarm"
)

// Apply does what plan says, a few operations at a time; each is one call of the
// Engine. Errors of a Swarm that elects a leader are waited out until ctx ends.
// An operation that fails does not stop the others, all errors are returned.
// Applying a plan again after a failure is safe: make a new one. plan's operations then
// know the IDs of the secrets that they created: see Plan.Holders.
func Apply(ctx context.Context, api API, plan Plan) error {
	return forEach(ctx, len(plan.Ops), func(ctx context.Context, i int) error {
		op := plan.Ops[i]
		var err error
		switch {
		case op.common:
			err = claim(ctx, api, plan.Stack, op)
		case op.released:
			err = release(ctx, api, plan.Stack, op)
		case op.Type == OpCreate:
			plan.Ops[i].id, err = create(ctx, api, plan.Stack, op.madeBy(plan.MadeBy))
		case op.Type == OpRemove:
			err = remove(ctx, api, op)
		case op.Type == OpLabel || op.Type == OpUse:
			err = label(ctx, api, op)
		}
		if err != nil {
			return fmt.Errorf("%s %s %s: %w", op.Type, op.Kind, op.Name, explain(err, api))
		}
		return nil
	})
}

// create creates op's object and returns its ID, "" for a config. A create that failed may have happened all the
// same: when the leader dies the daemon itself repeats the call and gets "already
// exists" for its own work. So after any error it looks before it tries again.
func create(ctx context.Context, api API, stack string, op Op) (id string, err error) {
	owner := Owner{Stack: stack, Secret: op.Secret, Version: op.version}
	tried := false
	return retry(ctx, func(ctx context.Context) (id string, err error) {
		if tried {
			if there, found, lookErr := isThere(ctx, api, owner, op); found || lookErr != nil {
				return there, lookErr
			}
		}
		tried = true
		id, err = createOnce(ctx, api, owner, op)
		if isConflict(err) {
			err = fmt.Errorf("%w: %w", errAgain, err)
		}
		return id, err
	})
}

func createOnce(ctx context.Context, api API, owner Owner, op Op) (id string, err error) {
	annotations := types.Annotations{Name: op.Name, Labels: op.made.with(withAllowed(withSource(owner.labels(), op.source), op.allowed))}
	var templating *types.Driver
	if op.template {
		templating = &types.Driver{Name: "golang"}
	}
	data := []byte(op.value.Reveal())
	if op.Kind == Config {
		_, err = api.ConfigCreate(ctx, types.ConfigSpec{Annotations: annotations, Data: data, Templating: templating})
		return "", err
	}
	made, err := api.SecretCreate(ctx, types.SecretSpec{Annotations: annotations, Data: data, Templating: templating})
	return made.ID, err
}

func isConflict(err error) bool {
	return err != nil && (errdefs.IsConflict(err) || errdefs.IsAlreadyExists(err) || strings.Contains(err.Error(), "already exists"))
}

var errTaken = errors.New("another client just created it; run the same command again")

// isThere reports whether op's object exists, made by us and with op's value, and returns its ID. It fails
// when there is one of that name that is not.
func isThere(ctx context.Context, api API, owner Owner, op Op) (id string, is bool, err error) {
	object, found, err := lookUp(ctx, api, op.Kind, op.Name)
	if err != nil || !found {
		return "", false, err
	}
	if object.Owner != owner || object.Template != op.template {
		return "", false, errTaken
	}
	var equal bool
	if op.Kind == Config {
		equal = string(object.data) == op.value.Reveal()
	} else if equal, err = askEngine(ctx, api, object, op.value); err != nil {
		return "", false, err
	}
	if !equal {
		return "", false, errTaken
	}
	return object.ID, true, nil
}

// lookUp finds one object by its exact name. The Engine's own filter takes the
// start of a name too.
func lookUp(ctx context.Context, api API, kind Kind, name string) (Object, bool, error) {
	byName := filters.NewArgs(filters.Arg("name", name))
	var state State
	if kind == Config {
		configs, err := api.ConfigList(ctx, types.ConfigListOptions{Filters: byName})
		if err != nil {
			return Object{}, false, err
		}
		for _, config := range configs {
			state.Objects = append(state.Objects, configObject(config))
		}
	} else {
		secrets, err := api.SecretList(ctx, types.SecretListOptions{Filters: byName})
		if err != nil {
			return Object{}, false, err
		}
		for _, secret := range secrets {
			state.Objects = append(state.Objects, secretObject(secret))
		}
	}
	for _, object := range state.Objects {
		if object.Name == name {
			return object, true, nil
		}
	}
	return Object{}, false, nil
}

// remove removes op's object. One that is gone already, or that a service came to
// use since the plan was made, is no error: the former is done, the latter is
// left for the next prune.
func remove(ctx context.Context, api API, op Op) error {
	_, err := retry(ctx, func(ctx context.Context) (done struct{}, err error) {
		if op.Kind == Config {
			return done, api.ConfigRemove(ctx, op.id)
		}
		return done, api.SecretRemove(ctx, op.id)
	})
	if err != nil && (errdefs.IsNotFound(err) || strings.Contains(err.Error(), "is in use by")) {
		return nil
	}
	return err
}
