package store

import (
	"errors"
	"fmt"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Edit is the change that one write makes to one payload: it replaces the payload, or
// sets keys in it.
type Edit struct {
	Whole secret.Value            // the new payload, if Keys is nil
	Keys  map[string]secret.Value // by fragment; nil: replace the payload
}

var (
	errEmptyWrite = errors.New("the value is empty, and an empty value cannot be read back; give it a value")
	errTwoWrites  = errors.New("two values for the same place; keep one")
	errMixedWrite = errors.New("one value is for the whole payload and another for a key in it; give one of them another name")
)

// WritePerPayload writes entries with one call of write for each payload K that locate
// returns, up to MaxCalls at a time. It returns one result for each entry, in order: that
// of its payload's write. Errors begin with the entry's reference. A payload whose entries
// contradict each other is not written.
func WritePerPayload[K comparable](entries []Entry, locate func(secret.Reference) (K, error), write func(K, Edit) Result) []Result {
	refs := make([]secret.Reference, len(entries))
	for i, entry := range entries {
		refs[i] = entry.Ref
	}
	edits := map[K][]Entry{}
	for _, entry := range entries {
		if key, err := locate(entry.Ref); err == nil {
			edits[key] = append(edits[key], entry)
		}
	}
	return OncePerPayload(refs, locate, func(payloads []K) []Result {
		return Each(payloads, func(payload K) Result {
			edit, err := newEdit(edits[payload])
			if err != nil {
				return Result{Err: err}
			}
			return write(payload, edit)
		})
	})
}

// newEdit returns the edit that entries, all for one payload, amount to. It fails if a
// value is empty or entries contradict each other.
func newEdit(entries []Entry) (Edit, error) {
	var e Edit
	for _, entry := range entries {
		fragment := entry.Ref.Fragment
		_, twice := e.Keys[fragment]
		switch {
		case entry.Value.Empty():
			return Edit{}, errEmptyWrite
		case twice && !e.Keys[fragment].Equal(entry.Value), fragment == "" && !e.Whole.Empty() && !e.Whole.Equal(entry.Value):
			return Edit{}, errTwoWrites
		case fragment == "" && e.Keys != nil, fragment != "" && !e.Whole.Empty():
			return Edit{}, errMixedWrite
		case fragment == "":
			e.Whole = entry.Value
		case e.Keys == nil:
			e.Keys = map[string]secret.Value{fragment: entry.Value}
		default:
			e.Keys[fragment] = entry.Value
		}
	}
	return e, nil
}

// NeedsPayload reports whether ApplyTo needs the payload that the store has now.
func (e Edit) NeedsPayload() bool { return e.Keys != nil }

// Write makes the edit in a store that has no compare-and-set. If the edit sets keys, it
// calls read for the current payload, and does nothing if the keys have their values. It
// calls put with the new payload, which must have at most limit bytes. store is the store's
// name, for the error.
func (e Edit) Write(store string, limit int, read func() Result, put func(secret.Value) Result) Result {
	var current Result
	if e.NeedsPayload() {
		if current = read(); current.Err != nil && !errors.Is(current.Err, ErrNotFound) {
			return current
		}
	}
	after, changed, err := e.ApplyTo(current.Value)
	switch {
	case err != nil:
		return Result{Err: err}
	case !changed:
		return Result{Version: current.Version}
	case after.Len() > limit:
		return Result{Err: fmt.Errorf("it would have %d bytes, and the limit of %s is %d", after.Len(), store, limit)}
	}
	return put(after)
}

// ApplyTo returns the payload after the edit. current is the payload before it, the zero
// Value if there is none. changed is false if current already has all values of the edit.
func (e Edit) ApplyTo(current secret.Value) (after secret.Value, changed bool, err error) {
	if e.Keys == nil {
		return e.Whole, !e.Whole.Equal(current), nil
	}
	for fragment, value := range e.Keys {
		before, missing := SelectKey(current, fragment)
		changed = changed || missing != nil || !before.Equal(value)
	}
	if !changed {
		return current, false, nil
	}
	after, err = merge(current, e.Keys)
	return after, true, err
}
