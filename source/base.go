package source

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// Base is where the secrets of an application are, each under its name: a prefix of names
// in a system, or one payload with a key for each secret.
type Base struct{ ref secret.Reference }

var errBase = errors.New("a base must end in / or - (awssecrets://shop-prod/), or in #/ for one payload with a key for each secret (awssecrets://shop-prod#/)")

// ParseBase reads a base. A secret's name is appended to the base's fragment if that ends
// in "/", or else to its path. Before a fragment the path has to end in "/", without one
// in "/", "-", "_" or ".". The base of an env file is its path, and the name becomes the key. The
// error does not quote text, which may be a value.
func ParseBase(text string) (Base, error) {
	ref, err := secret.ParseReference(text)
	if err != nil {
		return Base{}, err
	}
	b := Base{ref}
	if !b.inFragment() {
		b.ref.Path = withoutSlashes(ref)
	}
	switch {
	case ref.Scheme == "compose":
		return Base{}, errors.New("a compose file cannot be a base")
	case ref.Scheme == "dotenv" && ref.Fragment == "", b.inFragment():
	case ref.Fragment == "" && strings.ContainsAny(last(ref.Path), "/-_."), ref.Fragment != "" && strings.HasSuffix(ref.Path, "/"):
	default:
		return Base{}, errBase
	}
	return b, nil
}

// separatorsOf returns the separators that names may have in the system with the scheme,
// of / . _ and -.
func separatorsOf(scheme string) string {
	if s, found := storeOf(scheme); found {
		return s.Separators()
	}
	return "/._-"
}

// withoutSlashes returns ref's path, in a store whose names have no slashes with "-"
// instead of each: gym-ai-prod/ means gym-ai-prod-. The first slash stays, since it ends
// the name of a vault or project.
func withoutSlashes(ref secret.Reference) string {
	container, prefix, _ := strings.Cut(ref.Path, "/")
	if prefix == "" || strings.Contains(separatorsOf(ref.Scheme), "/") {
		return ref.Path
	}
	return container + "/" + strings.ReplaceAll(prefix, "/", "-")
}

// inFragment reports whether names are appended to the fragment, not to the path.
func (b Base) inFragment() bool {
	return b.ref.Scheme == "dotenv" && b.ref.Fragment == "" || strings.HasSuffix(b.ref.Fragment, "/")
}

// Places returns where the secret of that name may be below the base. The first place is
// the one to look at first, and to write to. The others have the name with "-" instead of
// "_", and in capitals where names of variables are usual. No place has a name that the
// system does not accept.
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

// Find looks for the secrets of the given names below the base, all at the same time: at the
// first place of each name, then at the next place of those that were not found. It returns
// one result for each name, in order. From is the place of the value, or the first place if
// there is no value.
func (b Base) Find(ctx context.Context, systems []store.System, names []string) []store.Result {
	found := make([]store.Result, len(names))
	for i := range found {
		found[i].Err = store.ErrNotFound
	}
	for form := 0; ; form++ {
		refs, indices := b.missing(names, found, form)
		if len(refs) == 0 {
			return found
		}
		for i, result := range Resolve(ctx, systems, refs) {
			if form == 0 || !errors.Is(result.Err, store.ErrNotFound) {
				found[indices[i]] = result
			}
		}
	}
}

// missing returns the places of the given form (an index into Places) for the names that
// were not found yet, and the indices of those names.
func (b Base) missing(names []string, found []store.Result, form int) (refs []secret.Reference, indices []int) {
	for i, name := range names {
		places := b.Places(name)
		if form < len(places) && errors.Is(found[i].Err, store.ErrNotFound) {
			refs, indices = append(refs, places[form]), append(indices, i)
		}
	}
	return refs, indices
}

// forms returns the spellings of name to look for, in order.
func (b Base) forms(name string) []string {
	dashed, capitals := strings.ReplaceAll(name, "_", "-"), strings.ToUpper(name)
	switch {
	case b.ref.Scheme == "env", b.ref.Scheme == "dotenv":
		return []string{capitals, name}
	case b.inFragment():
		return unique(name, dashed, capitals)
	}
	separators := separatorsOf(b.ref.Scheme)
	return unique(accepted(name, "_", separators), accepted(dashed, "-", separators))
}

// accepted returns name with dot instead of ".", and with "-" instead of "_", each only if
// the separators of the system do not have the former.
func accepted(name, dot, separators string) string {
	if !strings.Contains(separators, ".") {
		name = strings.ReplaceAll(name, ".", dot)
	}
	if !strings.Contains(separators, "_") {
		name = strings.ReplaceAll(name, "_", "-")
	}
	return name
}

// Reference returns the base as a reference, with the path that ParseBase made.
func (b Base) Reference() secret.Reference { return b.ref }

func (b Base) String() string { return b.ref.String() }

// unique returns forms in order, each once.
func unique(forms ...string) []string {
	var distinct []string
	for i, form := range forms {
		if !slices.Contains(forms[:i], form) {
			distinct = append(distinct, form)
		}
	}
	return distinct
}

// last returns the last byte of text, "" if text is empty.
func last(text string) string { return text[max(0, len(text)-1):] }
