package source

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// onePassword resolves op://VAULT/ITEM/[SECTION/]FIELD with the user's own op program, which
// signs in itself: with the desktop application, a service account, or Connect.
type onePassword struct{ program }

// newOnePassword returns the system for op://.
func newOnePassword(local Local) store.System {
	return onePassword{program{name: "op", environ: local.Environ, prefix: "OP_"}}
}

// Scheme returns "op".
func (o onePassword) Scheme() string { return secret.SchemeOnePassword }

// Resolve runs op once for each of refs.
func (o onePassword) Resolve(ctx context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	firstAlone(len(refs), func(i int) { results[i].Value, results[i].Err = o.read(ctx, refs[i]) })
	return results
}

// read runs op for one reference. Errors begin with it.
func (o onePassword) read(ctx context.Context, ref secret.Reference) (secret.Value, error) {
	if strings.Count(ref.Path, "/") < 2 || ref.Fragment != "" {
		return secret.Value{}, fmt.Errorf("%s: write op://VAULT/ITEM/FIELD", ref)
	}
	value, err := o.output(ctx, "read", "--no-newline", ref.String())
	if err == nil {
		return value, nil
	}
	if exit, ended := errors.AsType[*exitError](err); ended {
		err = opFault(exit)
	}
	if errors.Is(err, errNoProgram) {
		err = errors.New("op, 1Password's program, is not installed, or not on the PATH; see https://developer.1password.com/docs/cli")
	}
	return secret.Value{}, fmt.Errorf("%s: %w", ref, err)
}

// opFault explains how op ended. It looks for known texts in what op printed, because op
// has one exit code for everything.
func opFault(exit *exitError) error {
	text := strings.ToLower(exit.stderr)
	for _, known := range []struct {
		part string
		err  error
	}{
		{"isn't a vault", fmt.Errorf("no such vault, or you may not see it: %w", store.ErrNotFound)},
		{"isn't an item", fmt.Errorf("no such item: %w", store.ErrNotFound)},
		{"does not have a field", fmt.Errorf("the item has no such field: %w", store.ErrNotFound)},
		{"more than one item", errors.New("several items have that name; use the item's ID")},
		{"not currently signed in", errOpSignIn},
		{"not signed in", errOpSignIn},
		{"no accounts configured", errOpSignIn},
		{"session expired", errOpSignIn},
		{"authorization prompt dismissed", errors.New("1Password's prompt was dismissed; run the same command again")},
		{"invalid service account token", errors.New("OP_SERVICE_ACCOUNT_TOKEN is not valid (any more); make a new one")},
	} {
		if strings.Contains(text, known.part) {
			return known.err
		}
	}
	return fmt.Errorf("%w; op read shows why", exit)
}

var errOpSignIn = errors.New("op is not signed in; run op signin, or set OP_SERVICE_ACCOUNT_TOKEN")
