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
// references are followed once. It is for references that nobody has to judge; see Answers.
func Resolve(ctx context.Context, systems []store.System, refs []secret.Reference) []store.Result {
	asks := make([]Ask, len(refs))
	for i, ref := range refs {
		asks[i].Ref = ref
	}
	results := make([]store.Result, len(refs))
	for i, answer := range Answers(ctx, systems, asks) {
		results[i] = answer.Result
	}
	return results
}

// Answers is Resolve for references of which each has a Judge. A reference that is marked
// and that nobody allowed is not read, run or asked for, nor is one that it leads to. All
// values go through here.
func Answers(ctx context.Context, systems []store.System, asks []Ask) []Answer {
	answers := make([]Answer, len(asks))
	refs := make([]secret.Reference, len(asks))
	for i, ask := range asks {
		refs[i] = ask.Ref
		answers[i].judge(ask, ask.Ref)
	}
	answerAll(ctx, systems, refs, answers)
	followed := make([]secret.Reference, len(asks))
	for i := range answers {
		answer := &answers[i]
		ref, managed := secret.Managed(answer.Value.Reveal())
		switch {
		case answer.Err != nil:
		case managed && isVariable(refs[i]):
			followed[i] = ref
			answer.Result = store.Result{}
			answer.judge(asks[i], ref)
		case asks[i].Judge != nil:
			answer.judgeValue(ctx, asks[i])
		}
	}
	held := slices.Clone(answers)
	answerAll(ctx, systems, followed, answers)
	for i, ref := range followed {
		if !ref.IsZero() && answers[i].Err != nil && held[i].Err == nil {
			answers[i].Err = fmt.Errorf("%s: %w", refs[i], answers[i].Err)
		}
	}
	return answers
}

// answerAll sets the results of those refs that are references and that answers have no
// error for yet.
func answerAll(ctx context.Context, systems []store.System, refs []secret.Reference, answers []Answer) {
	var free []secret.Reference
	var indices []int
	for i, ref := range refs {
		if answers[i].Err == nil && !ref.IsZero() {
			free, indices = append(free, ref), append(indices, i)
		}
	}
	for i, result := range resolve(ctx, systems, free) {
		answers[indices[i]].Result = result
	}
}

// judge notes the marks of ref, which ask led to, and holds it if nobody allowed it.
func (a *Answer) judge(ask Ask, ref secret.Reference) {
	if ask.Judge == nil {
		return
	}
	a.Marks = append(a.Marks, ask.Judge.reference(ref, ask.Names)...)
	a.Err, a.From = ask.Judge.verdict(ref, a.Marks), ref
}

// judgeValue notes the marks of the value that a has, and takes it away if nobody allowed
// them.
func (a *Answer) judgeValue(ctx context.Context, ask Ask) {
	a.Marks = append(a.Marks, ask.Judge.value(ctx, ask.Ref, a.Result)...)
	if err := ask.Judge.verdict(ask.Ref, a.Marks); err != nil {
		a.Result = store.Result{From: ask.Ref, Err: err}
	}
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
	results := askAll(systems, refs, func(system store.System, refs []secret.Reference) []store.Result { return system.Resolve(ctx, refs) })
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

// askAll calls answer for each system with the references of its scheme, all systems at the
// same time. It returns the results in the order of refs. Results of references whose
// scheme no system has are zero.
func askAll(systems []store.System, refs []secret.Reference, answer func(store.System, []secret.Reference) []store.Result) []store.Result {
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
