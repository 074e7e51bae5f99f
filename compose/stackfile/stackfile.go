package stackfile

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// File is everything that a stack file is made of.
type File struct {
	Stack   map[string]any // as Lower made it
	Inlined []transform.Inlined
	InClear []string // paths of credentials that are written out in Stack
	Renamed []transform.Renamed
	Sources []string // the compose files, for the header
	Layout  Layout   // nil for none
	Old     []byte   // the file that is there, for CarryOver; nil for none

	Made Made // what it was made with
	Kept bool // something in it is as Old has it, because its value is not here

	// Moved is another x-from: for those of Sourced that have one here.
	Moved map[string]secret.Reference
}

// Render writes f as YAML under its header: the source's order, list forms and
// comments where a node has survived, "$" doubled in every value and in no key,
// and ${NAME} where a seal is left. The same f gives the same bytes.
func (f File) Render() ([]byte, error) {
	model := make(map[string]any, len(f.Stack)+1)
	maps.Copy(model, f.Stack)
	if len(f.Inlined) > 0 {
		model["x-inline"] = inlineBlock(f.Inlined)
	}
	if block := f.Made.block(); block != nil {
		model[madeKey] = block
	}
	if clear := f.inClear(); len(clear) > 0 {
		model["x-in-clear"] = clear
	}
	made, err := f.body(model)
	if err != nil || f.Old == nil && f.Moved == nil {
		return withHeader(f.Sources, made, made), err
	}
	body := made
	if carried := f.carried(model); !sameEntries(model, carried) {
		body, err = f.body(carried)
	}
	if f.Kept && err == nil {
		// The header tells an x-from: that people edited from the one that was made, which
		// is not known here.
		if _, old, found := splitHeader(f.Old); found && bytes.Equal(old, body) {
			return f.Old, nil
		}
	}
	return withHeader(f.Sources, made, body), err
}

// carried is a copy of model with what stays of the file that is there, and Moved.
func (f File) carried(model map[string]any) map[string]any {
	model = maps.Clone(model)
	for _, block := range []string{"secrets", "configs"} {
		if model[block] != nil {
			model[block] = copyEntries(entryMap(model[block]))
		}
	}
	CarryOver(model, f.Old)
	for name, ref := range f.Moved {
		entryMap(entryMap(model["secrets"])[name])["x-from"] = ref.String()
	}
	return model
}

// sameEntries reports whether a and b, of which one is carried of the other, are alike.
func sameEntries(a, b map[string]any) bool {
	return reflect.DeepEqual(a["secrets"], b["secrets"]) && reflect.DeepEqual(a["configs"], b["configs"])
}

// copyEntries copies a block and each of its entries, which are what is edited.
func copyEntries(block map[string]any) map[string]any {
	entries := make(map[string]any, len(block))
	for name, entry := range block {
		entries[name] = entry
		if fields, ok := entry.(map[string]any); ok {
			entries[name] = maps.Clone(fields)
		}
	}
	return entries
}

// entryMap is value as a mapping, nil when it is none.
func entryMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

// Elsewhere is x-from: of those secrets for which Render writes another one than the
// application's: it is in Moved, or people edited the file that is there.
func (f File) Elsewhere() map[string][]string {
	made, carried := entryMap(f.Stack["secrets"]), entryMap(f.carried(f.Stack)["secrets"])
	all := map[string][]string{}
	for _, name := range f.Sourced() {
		from := textsOf(entryMap(carried[name])["x-from"])
		if !slices.Equal(from, textsOf(entryMap(made[name])["x-from"])) {
			all[name] = from
		}
	}
	return all
}

// textsOf is x-from: in the model, one text or a list of them.
func textsOf(value any) []string {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	texts := make([]string, len(list))
	for i, one := range list {
		texts[i] = fmt.Sprint(one)
	}
	return texts
}

// Sourced is the names of the secrets of f whose values come from somewhere, sorted.
func (f File) Sourced() []string {
	secrets := entryMap(f.Stack["secrets"])
	var names []string
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		if entryMap(secrets[name])["x-from"] != nil {
			names = append(names, name)
		}
	}
	return names
}

// inlineBlock says for each ${NAME} of the file where deploy finds its value.
func inlineBlock(inlined []transform.Inlined) map[string]any {
	block := map[string]any{}
	for _, one := range inlined {
		from := make([]any, len(one.From))
		for i, ref := range one.From {
			from[i] = ref.String()
		}
		block[one.Name] = from
		if len(from) == 1 {
			block[one.Name] = from[0]
		}
	}
	return block
}
