package source

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Base stands for the places of many secrets, each under its own name: a prefix of
// names in a store, or one payload that has a key for each.
type Base struct{ ref secret.Reference }

var errBase = errors.New("the names of secrets are to follow it: end it in / or - (awssecrets://shop-prod/), or in #/ where one payload has a key for each (awssecrets://shop-prod#/)")

// ParseBase reads a base. The secret's name follows its fragment, where that ends
// in "/", or else its path, which has to end in "/", or in "-", "_" or "." where no
// fragment follows. Of an env file it is its key. The error does not quote text.
func ParseBase(text string) (Base, error) {
	ref, err := secret.ParseReference(text)
	if err != nil {
		return Base{}, err
	}
	b := Base{ref}
	if (ref.Scheme == "azurekeyvault" || ref.Scheme == "gcpsecrets") && !b.inFragment() {
		b.ref.Path = withoutSlashes(ref.Path)
	}
	switch {
	case ref.Scheme == "compose":
		return Base{}, errors.New("a compose file has a place for each value, and no base")
	case ref.Scheme == "dotenv" && ref.Fragment == "", b.inFragment():
	case ref.Fragment == "" && strings.ContainsAny(last(ref.Path), "/-_."), ref.Fragment != "" && strings.HasSuffix(ref.Path, "/"):
	default:
		return Base{}, errBase
	}
	return b, nil
}

// withoutSlashes is the path of a base in a store whose names have none: behind the
// vault's or project's name, gym-ai-prod/ means gym-ai-prod-.
func withoutSlashes(path string) string {
	store, prefix, _ := strings.Cut(path, "/")
	if prefix == "" {
		return path
	}
	return store + "/" + strings.ReplaceAll(prefix, "/", "-")
}

// inFragment tells whether names follow the fragment.
func (b Base) inFragment() bool {
	return b.ref.Scheme == "dotenv" && b.ref.Fragment == "" || strings.HasSuffix(b.ref.Fragment, "/")
}

// Places are where the secret of that name may be below the base, the one to look
// at first, and to write to, at the start: the name as it is, with - for _, and in
// capitals where variables are called so. Forms that the system's names cannot
// have are left out.
func (b Base) Places(name string) []secret.Reference {
	var places []secret.Reference
	for _, form := range b.forms(name) {
		place := b.ref
		if b.inFragment() {
			place.Fragment += form
		} else {
			place.Path += form
		}
		places = append(places, place)
	}
	return places
}

// Find looks below the base for the secrets of those names, all at once: at the
// first place of each, then, for those that have nothing there, at the next. An
// answer's From is the place that it is about; where there is none at all that is
// the first.
func (b Base) Find(ctx context.Context, systems []store.System, names []string) []store.Result {
	found := make([]store.Result, len(names))
	for i := range found {
		found[i].Err = store.ErrNotFound
	}
	for form := 0; ; form++ {
		refs, at := b.still(names, found, form)
		if len(refs) == 0 {
			return found
		}
		for i, result := range Resolve(ctx, systems, refs) {
			if form == 0 || !errors.Is(result.Err, store.ErrNotFound) {
				found[at[i]] = result
			}
		}
	}
}

// still is the places of that form of the names that nothing was found for, and
// where those stand in names.
func (b Base) still(names []string, found []store.Result, form int) (refs []secret.Reference, at []int) {
	for i, name := range names {
		places := b.Places(name)
		if form < len(places) && errors.Is(found[i].Err, store.ErrNotFound) {
			refs, at = append(refs, places[form]), append(at, i)
		}
	}
	return refs, at
}

func (b Base) forms(name string) []string {
	dashed, capitals := strings.ReplaceAll(name, "_", "-"), strings.ToUpper(name)
	switch {
	case b.ref.Scheme == "azurekeyvault" && !b.inFragment():
		return []string{strings.ReplaceAll(dashed, ".", "-")}
	case b.ref.Scheme == "gcpsecrets" && !b.inFragment() && strings.Contains(name, "."):
		return unique(strings.ReplaceAll(name, ".", "_"), strings.ReplaceAll(dashed, ".", "-"))
	case b.ref.Scheme == "env":
		return []string{capitals, name}
	case b.ref.Scheme == "dotenv":
		return []string{capitals, name}
	case b.inFragment():
		return unique(name, dashed, capitals)
	}
	return unique(name, dashed)
}

// Reference is the base as it was given.
func (b Base) Reference() secret.Reference { return b.ref }

func (b Base) String() string { return b.ref.String() }

// unique is forms without those that were there before.
func unique(forms ...string) []string {
	var all []string
	for i, form := range forms {
		if !slices.Contains(forms[:i], form) {
			all = append(all, form)
		}
	}
	return all
}

// last is the last byte of text, or nothing.
func last(text string) string { return text[max(0, len(text)-1):] }
