package classify

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Templates returns the secrets that are made of others, such as a URL with a
// password in it: their texts by name, with a seal for each of the others. With the
// values put in, a text is the author's byte for byte; without them it shows no
// secret. in is what Classify judged.
func Templates(in Input, sealing Sealing) map[string]string {
	t := templates{sealing: sealing, distinctive: distinctiveFinder(sealing.values), texts: map[string]string{}, not: map[string]bool{}}
	for _, v := range in.Variables {
		if name := sealing.At(v.Service, v.Name); name != "" {
			t.add(name, v)
		}
	}
	for name, text := range t.texts {
		// A template inside a template comes out raw.
		nested := slices.ContainsFunc(seal.Names(text), func(part string) bool { _, ok := t.texts[part]; return ok })
		if t.not[name] || nested {
			t.not[name] = true
		}
	}
	for name := range t.not {
		delete(t.texts, name)
	}
	return t.texts
}

type templates struct {
	sealing     Sealing
	distinctive verdict.Finder // of the distinctive values
	texts       map[string]string
	not         map[string]bool // secrets whose places do not agree on one text
}

func distinctiveFinder(values []Sealed) verdict.Finder {
	var distinctive []secret.Value
	for _, v := range values {
		if verdict.Distinctive(v.Value) {
			distinctive = append(distinctive, v.Value)
		}
	}
	return verdict.NewFinder(distinctive)
}

// add tries to write the secret name as a template from how it is made in v.
func (t templates) add(name string, v Variable) {
	text, ok := "", false
	if len(v.Pieces) > 1 {
		text, ok = t.text(name, v)
	}
	before, known := t.texts[name]
	if !ok || known && before != text {
		t.not[name] = true
		return
	}
	t.texts[name] = text
}

// text is v's value with a seal for every secret that it is made with; false when it
// is made with none, or when the rest would tell a secret.
func (t templates) text(name string, v Variable) (string, bool) {
	var text strings.Builder
	found := false
	for _, piece := range v.Pieces {
		part := t.part(v.Service, piece)
		switch {
		case part == name:
			return "", false
		case part != "":
			found = true
			text.WriteString(seal.Of(part))
		case t.sealing.whole[[2]string{v.Service, v.Name}] && strings.ContainsFunc(piece.Value.Reveal(), isWordRune):
			return "", false // in a variable that is itself a secret every part is
		default:
			text.WriteString(piece.Value.Reveal())
		}
	}
	return text.String(), found && !t.tells(text.String())
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// part is the secret that piece is all of, "" for none: a variable that Compose
// interpolates, or in an env file a variable of the same service.
func (t templates) part(service string, piece Piece) string {
	if piece.Variable == "" && piece.Default == "" {
		return ""
	}
	if name := t.sealing.Of(cmp.Or(piece.Variable, piece.Default), piece.Value); name != "" {
		return name
	}
	name := t.sealing.At(service, piece.Variable)
	if name != "" && t.sealing.has(name, piece.Value) {
		return name
	}
	return ""
}

// tells reports whether text would show a secret if it were written in clear.
func (t templates) tells(text string) bool {
	rest := seal.Replace(text, func(string) string { return "" })
	rest = strings.ReplaceAll(rest, ":@", "@") // of a URL whose password is gone
	if t.distinctive.Found(rest) {
		return true
	}
	return verdict.Policy{}.Judge(verdict.Candidate{Name: "TEXT", Value: secret.NewValue(rest)}).Verdict != transform.Plain
}
