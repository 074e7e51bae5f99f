package plugin

import (
	"context"
	"errors"
	"fmt"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// moved returns the places of the secrets called names below --to's base, each in the
// form of its name that the manager has. A name that the manager does not have is an
// error, since the stack file would lose the only place of its value. Offline, nobody is
// asked and the first form counts.
//
// Where only the stack file says --to, a secret that is not there yet stays at its own
// place until it is pushed, and offline all do.
func moved(ctx context.Context, names []string, options migrateOptions) (map[string]secret.Reference, error) {
	if options.to == "" {
		return nil, nil //nolint:nilnil // nothing is moved
	}
	base, err := source.ParseBase(options.to)
	if err != nil {
		return nil, fmt.Errorf("--to: %w", err)
	}
	system, err := storeOf(base)
	if err != nil {
		return nil, err
	}
	if options.moveNew {
		return movedLater(ctx, names, base, system, options.offline), nil
	}
	refs := make([]secret.Reference, len(names))
	if options.offline {
		for i, name := range names {
			refs[i] = base.Places(name)[0]
		}
	} else if refs, err = placesIn(ctx, names, base, system); err != nil {
		return nil, err
	}
	if err = doubles(names, refs); err != nil {
		return nil, err
	}
	places := map[string]secret.Reference{}
	for i, name := range names {
		places[name] = refs[i]
	}
	return places, nil
}

// movedLater is the places of those secrets that system has.
func movedLater(ctx context.Context, names []string, base source.Base, system store.Store, offline bool) map[string]secret.Reference {
	places := map[string]secret.Reference{}
	if offline || len(names) == 0 {
		return places
	}
	ctx, cancel := context.WithTimeoutCause(ctx, lookupTime, fmt.Errorf("timed out after %s", lookupTime))
	defer cancel()
	for i, result := range base.Find(ctx, []store.System{system}, names) {
		if result.Err == nil {
			places[names[i]] = result.From
		}
	}
	return places
}

// placesIn returns where system has the secrets called names below base, in order.
func placesIn(ctx context.Context, names []string, base source.Base, system store.Store) ([]secret.Reference, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, lookupTime, fmt.Errorf("timed out after %s", lookupTime))
	defer cancel()
	refs := make([]secret.Reference, len(names))
	var faults []error
	for i, result := range base.Find(ctx, []store.System{system}, names) {
		err := result.Err
		if errors.Is(err, store.ErrNotFound) {
			err = fmt.Errorf("%w; write it there first: docker secrets push --to '%s'", err, base)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", names[i], err))
		}
		refs[i] = result.From
	}
	return refs, errors.Join(faults...)
}
