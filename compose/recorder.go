package compose

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
)

// use is one variable with one value that it gave.
type use struct {
	name  string
	value secret.Value
	word  bool // the value is a default, not the variable's own
	unset bool // the variable is not set, and has no default
}

// recorder notes every variable that the first load interpolates, with each value
// that it gave. It leaves out a variable that gave nothing: in "pa$word", half of a
// password looks like the name of a variable.
type recorder map[string][]use

func (r recorder) note(u use) {
	if u.value.Empty() && !u.unset {
		return
	}
	known := func(other use) bool {
		return other.word == u.word && other.unset == u.unset && other.value.Equal(u.value)
	}
	if !slices.ContainsFunc(r[u.name], known) {
		r[u.name] = append(r[u.name], u)
	}
}

func (r recorder) substitute(text string, value template.Mapping) (string, error) {
	parts, err := expression.Parse(text)
	if err != nil {
		return "", err
	}
	pieces, err := expression.Pieces(parts, expression.Lookup(value))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, piece := range pieces {
		b.WriteString(piece.Text)
		if piece.Variable != "" || piece.Default != "" {
			r.note(use{name: cmp.Or(piece.Variable, piece.Default), value: secret.NewValue(piece.Text), word: piece.Default != "", unset: piece.Unset})
		}
	}
	return b.String(), nil
}

// sorted returns the uses in order of name and value. Of equal ones, a default
// comes last.
func (r recorder) sorted() []use {
	var all []use
	for _, name := range slices.Sorted(maps.Keys(r)) {
		all = append(all, slices.SortedFunc(slices.Values(r[name]), func(a, b use) int {
			if order := a.value.Compare(b.value); order != 0 || a.word == b.word {
				return order
			}
			if b.word {
				return -1
			}
			return 1
		})...)
	}
	return all
}

// including returns the branch whose env files gave u, nil if there is none.
func (t *tree) including(u use) *branch {
	var search func(branches []*branch) *branch
	search = func(branches []*branch) *branch {
		for _, b := range branches {
			if value, ok := b.env.Value(u.name); ok && value.Equal(u.value) && len(b.envFiles) > 0 {
				return b
			}
			if found := search(b.includes); found != nil {
				return found
			}
		}
		return nil
	}
	return search(t.branches)
}
