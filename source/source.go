// Package source finds the values that references name: in the environment, in env files,
// at places in a compose file, in whole files, in sops and 1Password, and in secret
// managers. It has the table of all systems (systems.go), the systems of this machine, and
// bases, which say where a secret of a given name may be. Each secret manager is a package
// below it.
//
// It does not know stack files, which secret a value belongs to, or the Engine.
// Values stay in memory, in secret.Value; no error quotes one.
package source

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Resolve returns one result for each of refs, in order. It asks the systems that have
// their schemes, all systems at the same time. A reference with an unknown scheme gets an
// error, and one to an empty value gets ErrNotFound. If the value of a variable is itself a
// reference to a secret manager, the result is that reference's, and From says so; such
// references are followed once.
func Resolve(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	results := resolve(ctx, systems, refs)
	var followed []secret.Reference
	var indices []int
	for i, result := range results {
		ref, managed := secret.Managed(result.Value.Reveal())
		if result.Err == nil && managed && isVariable(refs[i]) {
			followed, indices = append(followed, ref), append(indices, i)
		}
	}
	for i, result := range resolve(ctx, systems, followed) {
		if result.Err != nil {
			result.Err = fmt.Errorf("%s: %w", refs[indices[i]], result.Err)
		}
		results[indices[i]] = result
	}
	return results
}

// isVariable reports whether ref names a variable, whose value may be a reference.
func isVariable(ref secret.Reference) bool {
	return ref.Scheme == "env" || ref.Scheme == "dotenv" || ref.Scheme == "compose"
}

// resolve is Resolve without following references.
func resolve(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	known := map[string]bool{}
	for _, system := range systems {
		known[system.Scheme()] = true
	}
	results := ask(systems, refs, func(system store.System, refs []secret.Reference) []store.Result { return system.Resolve(ctx, refs) })
	for i, ref := range refs {
		results[i].From = ref
		switch {
		case !known[ref.Scheme]:
			results[i].Err = fmt.Errorf("%s: unknown scheme %s://; known schemes: %s", ref, ref.Scheme, schemes(known))
		case results[i].Err == nil && results[i].Value.Empty():
			results[i].Err = fmt.Errorf("%s: empty: %w", ref, store.ErrNotFound)
		}
	}
	return results
}

// ask calls answer for each system with the references of its scheme, all systems at the
// same time. It returns the results in the order of refs. Results of references whose
// scheme no system has are zero.
func ask(systems []store.System, refs []secret.Reference, answer func(store.System, []secret.Reference) []store.Result) []store.Result {
	results := make([]store.Result, len(refs))
	var answers sync.WaitGroup
	for _, system := range systems {
		own, indices := ofScheme(system.Scheme(), refs)
		if len(own) == 0 {
			continue
		}
		answers.Go(func() {
			for i, result := range answer(system, own) {
				results[indices[i]] = result
			}
		})
	}
	answers.Wait()
	return results
}

// ofScheme returns those of refs that have the scheme, and their indices in refs.
func ofScheme(scheme string, refs []secret.Reference) (own []secret.Reference, indices []int) {
	for i, ref := range refs {
		if ref.Scheme == scheme {
			own, indices = append(own, ref), append(indices, i)
		}
	}
	return own, indices
}

// schemes returns the known schemes, sorted, for a message.
func schemes(known map[string]bool) string {
	var names []string
	for name := range known {
		names = append(names, name+"://")
	}
	slices.Sort(names)
	return fmt.Sprint(names)
}
