package classify

import (
	"cmp"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// traceCredentials finds the credentials of commands that Compose interpolates. The
// variable that gave the text is a secret, whatever its name.
func (c *classifier) traceCredentials() {
	for i, credential := range c.in.Credentials {
		if c.policy.PlainPath(credential.Path) {
			c.freed[i] = true
			continue
		}
		for _, x := range c.in.Interpolated {
			switch {
			case !slices.Contains(credential.Uses, x.Name) || !x.Value.Equal(credential.Value):
			case c.isPublic(x):
				c.freed[i] = true
				c.public = append(c.public, x.Value)
			default:
				c.secretNames[x.Name] = true
			}
		}
	}
}

// traceExposures finds the variables that give a credential to a text: the password
// of a URL is a secret everywhere, whatever the variable is called.
func (c *classifier) traceExposures() {
	for _, e := range c.in.Exposures {
		if !c.policy.PlainPath(e.Path) {
			c.expose(e.Name, e.Value)
		}
	}
	for i, v := range c.in.Variables {
		if c.found[i].CalledPlain() || len(v.Pieces) < 2 {
			continue
		}
		for _, piece := range v.piecesIn(verdict.Credentials(v.Value.Reveal())) {
			c.expose(cmp.Or(piece.Variable, piece.Default), piece.Value)
			c.exposeEntry(v.Service, piece)
		}
	}
}

// piecesIn returns the pieces of v that lie in spans, all or in part.
func (v Variable) piecesIn(spans []verdict.Span) []Piece {
	var found []Piece
	start := 0
	for _, piece := range v.Pieces {
		end := start + piece.Value.Len()
		if from := start; slices.ContainsFunc(spans, func(s verdict.Span) bool { return s.Start < end && from < s.End }) {
			found = append(found, piece)
		}
		start = end
	}
	return found
}

// expose makes the variable name a secret if value is a text that it gave.
func (c *classifier) expose(name string, value secret.Value) {
	for _, x := range c.in.Interpolated {
		switch {
		case name == "" || x.Name != name || !x.Value.Equal(value):
		case c.isPublic(x):
			c.public = append(c.public, x.Value)
		default:
			c.secretNames[name] = true
		}
	}
}

// exposeEntry makes a secret of the variable of service that gives piece: in an env
// file, ${A} may mean the same file's A.
func (c *classifier) exposeEntry(service string, piece Piece) {
	for i, v := range c.in.Variables {
		if v.Service == service && v.Name == piece.Variable && v.Value.Equal(piece.Value) && c.found[i].Verdict == transform.Plain && c.found[i].Rule == "default:plain" {
			c.found[i] = transform.Finding{Verdict: transform.Secret, Rule: "value:part-of-credential"}
		}
	}
}

// isPublic tells whether a rule says that x is no secret: a public key stays in clear
// even if a command sends it as a credential.
func (c *classifier) isPublic(x Interpolated) bool {
	finding := c.policy.Judge(verdict.Candidate{Name: x.Name, Value: x.Value})
	return finding.CalledPlain() || strings.HasPrefix(finding.Rule, "veto:")
}

// credentialSources returns the credentials whose value nothing else in the
// application has. The others are the same secret as what has it.
func (c *classifier) credentialSources(known []source) []source {
	held := map[string]bool{}
	for _, s := range known {
		held[s.value.Reveal()] = true
	}
	for _, copied := range c.in.Copies {
		held[copied.Value.Reveal()] = true
	}
	var all []source
	for i, credential := range c.in.Credentials {
		if !c.freed[i] && !held[credential.Value.Reveal()] {
			all = append(all, source{base: transform.SecretName(credential.Service) + "_password", service: credential.Service, value: credential.Value, from: credential.From})
		}
	}
	return all
}
