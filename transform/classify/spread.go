package classify

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// spread carries the verdict from entries to the variables that they are, and from
// variables to every entry that uses them, until nothing changes.
func (c *classifier) spread() {
	for changed := true; changed; {
		changed = c.toVariables()
		changed = c.toEntries() || changed
		changed = c.toCopies() || changed
	}
}

func (c *classifier) toVariables() bool {
	changed := false
	for i, v := range c.in.Variables {
		if v.Of != "" && c.moves(i) && !c.secretNames[v.Of] {
			c.secretNames[v.Of] = true
			changed = true
		}
	}
	return changed
}

func (c *classifier) toEntries() bool {
	own := map[[2]string]bool{} // an env file's ${A} may mean the same file's A
	for i, v := range c.in.Variables {
		if c.moves(i) {
			own[[2]string{v.Service, v.Name}] = true
		}
	}
	changed := false
	for i, v := range c.in.Variables {
		if c.found[i].Verdict == transform.Secret {
			continue
		}
		for _, name := range v.Uses {
			if c.secretNames[name] || own[[2]string{v.Service, name}] && name != v.Name {
				c.found[i] = transform.Finding{Verdict: transform.Secret, Rule: "uses:" + name}
				changed = true
				break
			}
		}
	}
	return changed
}

// toCopies finds the entries that have a value which moves under another name.
func (c *classifier) toCopies() bool {
	moving := append(slices.Clone(c.in.Known), c.distinctive()...)
	for _, x := range c.in.Interpolated {
		if c.secretNames[x.Name] && verdict.Distinctive(x.Value) {
			moving = append(moving, x.Value)
		}
	}
	for _, copied := range c.in.Copies {
		if verdict.Distinctive(copied.Value) {
			moving = append(moving, copied.Value)
		}
	}
	finder := verdict.NewFinder(encoded(moving))
	changed := false
	for i, v := range c.in.Variables {
		if !c.moves(i) && !c.found[i].CalledPlain() && finder.Found(v.Value.Reveal()) {
			c.found[i] = transform.Finding{Verdict: transform.Secret, Rule: "value:copy"}
			changed = true
		}
	}
	return changed
}

// distinctive are the values that move and can be looked for, and their parts.
func (c *classifier) distinctive() []secret.Value {
	var all []secret.Value
	done := map[[2]string]bool{} // rule and value: services share them
	for i, v := range c.in.Variables {
		asked := [2]string{c.found[i].Rule, v.Value.Reveal()}
		if !c.moves(i) || done[asked] {
			continue
		}
		done[asked] = true
		if verdict.Distinctive(v.Value) && !verdict.ByNameOnly(c.found[i], v.Value) {
			all = append(all, v.Value)
			all = append(all, partsOf(v.Value)...)
		}
	}
	return all
}

// encoded are values and every form that they can be written in.
func encoded(values []secret.Value) []secret.Value {
	all := slices.Clone(values)
	for _, v := range values {
		for _, form := range verdict.Encodings(v) {
			if form.Text.Len() >= minEncoded {
				all = append(all, form.Text)
			}
		}
	}
	return all
}

// minEncoded is the length in bytes from which another form of a value is looked for:
// what is left of a short one at the ends of base64 may be a part of a word.
const minEncoded = 8
