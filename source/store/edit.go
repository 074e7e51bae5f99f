package store

import (
	"errors"
	"fmt"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Edit is what a write makes of one payload: all of it, or keys in it.
type Edit struct {
	Whole secret.Value
	Keys  map[string]secret.Value // by fragment; nil: the payload becomes whole
}

var (
	errEmptyWrite = errors.New("the value is empty, and an empty one is never found again; give it a value")
	errTwoWrites  = errors.New("two values are for this place; give it one")
	errMixedWrite = errors.New("one value is for the whole payload and another for a key in it; give one of them another name")
)

// ByEdit writes entries, each payload K in one call of write, all payloads at once,
// and answers each entry in order with what its payload's write answered. Errors get
// their reference in front; entries that contradict each other are not written.
func ByEdit[K comparable](entries []Entry, locate func(secret.Reference) (K, error), write func(K, Edit) Result) []Result {
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
	return ByPayload(refs, locate, func(payloads []K) []Result {
		results := make([]Result, len(payloads))
		Fan(len(payloads), Calls, func(i int) {
			e, err := newEdit(edits[payloads[i]])
			if err != nil {
				results[i].Err = err
				return
			}
			results[i] = write(payloads[i], e)
		})
		return results
	})
}

// newEdit is what entries, all for one payload, make of it.
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

// NeedsPayload tells whether of has to know what is there now.
func (e Edit) NeedsPayload() bool { return e.Keys != nil }

// Written makes the edit in a store that has no compare-and-set: read answers with
// the payload that is there, where the edit has to know it, and put writes what it
// becomes, of at most limit bytes. A payload that says all of it already is left.
func (e Edit) Written(store string, limit int, read func() Result, put func(secret.Value) Result) Result {
	var now Result
	if e.NeedsPayload() {
		if now = read(); now.Err != nil && !errors.Is(now.Err, ErrNotFound) {
			return now
		}
	}
	after, changed, err := e.Of(now.Value)
	switch {
	case err != nil:
		return Result{Err: err}
	case !changed:
		return Result{Version: now.Version}
	case after.Len() > limit:
		return Result{Err: fmt.Errorf("it would have %d bytes, and %s keeps %d under one name", after.Len(), store, limit)}
	}
	return put(after)
}

// Of is the payload after the edit, where now is the one before it, the zero Value
// when there is none. changed is false when now says all of it already.
func (e Edit) Of(now secret.Value) (after secret.Value, changed bool, err error) {
	if e.Keys == nil {
		return e.Whole, !e.Whole.Equal(now), nil
	}
	for fragment, value := range e.Keys {
		there, missing := Choose(now, fragment)
		changed = changed || missing != nil || !there.Equal(value)
	}
	if !changed {
		return now, false, nil
	}
	after, err = merge(now, e.Keys)
	return after, true, err
}
