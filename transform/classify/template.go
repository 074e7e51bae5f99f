package classify

import (
	"slices"
	"strings"

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
	if v.Of == "" && v.From.Scheme == "compose" {
		text, ok = t.text(name, v)
	}
	before, known := t.texts[name]
	if !ok || known && before != text {
		t.not[name] = true
		return
	}
	t.texts[name] = text
}

// text returns v's value with a seal for every secret that it is made with. Each
// must be in it once: in postgres://app:app@db/app, with the password "app", nobody
// knows which "app" changes with it.
func (t templates) text(name string, v Variable) (string, bool) {
	parts := t.parts(v)
	if len(parts) == 0 {
		return "", false
	}
	text := v.Value.Reveal()
	for _, part := range parts {
		value := part.Value.Reveal()
		if part.Secret == name || strings.Count(text, value) != 1 {
			return "", false
		}
		text = strings.Replace(text, value, seal.Of(part.Secret), 1)
	}
	return text, !t.tells(text)
}

// parts returns the secrets among the variables that v uses, the longest first. It
// is nil if it is not clear which values they had.
func (t templates) parts(v Variable) []Sealed {
	var parts []Sealed
	for _, used := range v.Uses {
		var found []Sealed
		for _, g := range t.sealing.interpolated[used] {
			if !g.value.Empty() && strings.Contains(v.Value.Reveal(), g.value.Reveal()) {
				found = append(found, Sealed{Secret: g.name, Value: g.value})
			}
		}
		switch {
		case len(found) > 1 || len(found) == 0 && len(t.sealing.interpolated[used]) > 0:
			return nil
		case len(found) == 1 && !slices.ContainsFunc(parts, func(p Sealed) bool { return p.Secret == found[0].Secret }):
			parts = append(parts, found[0])
		}
	}
	slices.SortStableFunc(parts, func(a, b Sealed) int { return b.Value.Len() - a.Value.Len() })
	return parts
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
