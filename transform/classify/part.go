package classify

import (
	"cmp"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// isWhole tells whether every part of variable i is secret: its name makes it one, and
// its value has no shape that tells the secret part from the rest.
func (c *classifier) isWhole(i int) bool {
	stage, _, _ := strings.Cut(c.found[i].Rule, ":")
	named := stage == "name" || stage == "image" || stage == "user" || stage == "file"
	return c.found[i].Verdict == transform.Secret && named && len(verdict.Credentials(c.in.Variables[i].Value.Reveal())) == 0
}

// exposeParts makes secrets of the variables that such a value is made with.
func (c *classifier) exposeParts() {
	for i, v := range c.in.Variables {
		if len(v.Pieces) < 2 || !c.isWhole(i) {
			continue
		}
		for _, piece := range v.Pieces {
			if verdict.Distinctive(piece.Value) {
				c.expose(cmp.Or(piece.Variable, piece.Default), piece.Value)
			}
		}
	}
}

// allParts returns the credentials within values that are distinctive and not all of
// their value.
func allParts(values []Sealed) []secret.Value {
	var all []secret.Value
	for _, v := range values {
		all = append(all, partsOf(v.Value)...)
	}
	return all
}

func partsOf(v secret.Value) []secret.Value {
	var all []secret.Value
	text := v.Reveal()
	for _, span := range verdict.Credentials(text) {
		if part := secret.NewValue(text[span.Start:span.End]); !part.Equal(v) && verdict.Distinctive(part) {
			all = append(all, part)
		}
	}
	return all
}

// Disguises returns the parts of secrets, and every form in which a distinctive value or
// a part can be written: what has to be looked for and what no seal can be put for.
func (s Sealing) Disguises() []secret.Value {
	var plain []secret.Value
	for _, v := range s.values {
		if _, managed := secret.Managed(v.Value.Reveal()); !managed && verdict.Distinctive(v.Value) {
			plain = append(plain, v.Value)
		}
	}
	return encoded(append(plain, s.parts...))[len(plain):]
}
