package classify

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Sealing is the half of what Classify finds that holds values. compose.Seal
// replaces each of them by the seal of its secret.
type Sealing struct {
	variables    map[[2]string]string // service, variable → secret
	interpolated map[string][]group   // variable → texts and their secrets
	credentials  map[string][]Sealed  // path in the model → literals and their secrets
	values       []Sealed
	names        map[string]bool    // of all secrets
	public       []secret.Value     // what variables that are public give to texts
	parts        []secret.Value     // of secrets, and the contents of the application's own secret files: no secret has them
	whole        map[[2]string]bool // service, variable: every part of the value is secret
	plainPath    func(path string) bool
}

// Sealed is a value and the name of the secret that it moved to.
type Sealed struct {
	Secret string
	Value  secret.Value
}

// Classify judges every input under policy and names the secrets. An environment
// entry is a secret by its own verdict, or because a variable that it uses is one.
// A variable is a secret by its own verdict, or because a secret entry is that
// variable and nothing else.
func Classify(in Input, policy verdict.Policy) (transform.Decisions, Sealing) {
	c := &classifier{in: in, held: secret.NewSet(in.Held), policy: policy, secretNames: map[string]bool{}, freed: map[int]bool{}}
	c.judge()
	c.traceCredentials()
	c.traceExposures()
	c.exposeParts()
	c.spread()
	return c.name()
}

type classifier struct {
	in          Input
	held        secret.Set // of in.Held
	policy      verdict.Policy
	found       []transform.Finding // by index of in.Variables
	secretNames map[string]bool
	freed       map[int]bool   // by index of in.Credentials: those that are no secret
	public      []secret.Value // what variables that a rule calls public give to texts
}

// judge gives each input its own verdict.
func (c *classifier) judge() {
	c.found = make([]transform.Finding, len(c.in.Variables))
	freed := map[string]bool{} // variables that the user calls plain by the entry that is nothing else
	for i, v := range c.in.Variables {
		c.found[i] = c.policy.Judge(verdict.Candidate{Service: v.Service, Image: cmp.Or(v.Image, v.Base), Name: v.Name, Value: v.Value, HasVariables: len(v.Uses) > 0})
		if (c.held.Has(v.Value) || v.remembers()) && !c.found[i].CalledPlain() && c.found[i].Verdict != transform.Secret {
			c.found[i] = transform.Finding{Verdict: transform.Secret, Rule: RuleHeld}
		}
		if v.Of != "" && c.found[i].CalledPlain() {
			freed[v.Of] = true
		}
	}
	c.judgeInterpolated(freed)
}

// judgeInterpolated finds the variables that are secrets by their own verdict, but for
// those that are freed.
func (c *classifier) judgeInterpolated(freed map[string]bool) {
	for _, x := range c.in.Interpolated {
		finding := c.policy.Judge(verdict.Candidate{Name: x.Name, Value: x.Value})
		verdict := finding.Verdict
		// A default is in the compose file already; any other value comes from outside.
		moves := verdict == transform.Secret || verdict == transform.Maybe && !x.Default
		// Names need no values: what is not set here is one where it is.
		here := !x.Value.Empty() || x.Unset && verdict == transform.Secret
		if c.held.Has(x.Value) && !finding.CalledPlain() {
			moves = true
		}
		if moves && here && !freed[x.Name] {
			c.secretNames[x.Name] = true
		}
	}
}

// moves tells whether variable i leaves the environment: a secret does, and a
// maybe that no compose file shows yet. An empty value stays, for images mean
// something by it; one that is only not set here has its value elsewhere.
func (c *classifier) moves(i int) bool {
	v := c.in.Variables[i]
	if v.Value.Empty() {
		return v.Unset() && c.found[i].Verdict == transform.Secret
	}
	return c.found[i].Verdict == transform.Secret || c.found[i].Verdict == transform.Maybe && !v.Shown
}

// name gives the secrets their names and returns the decisions.
func (c *classifier) name() (transform.Decisions, Sealing) {
	names := nameSources(c.sources(), c.in.Taken)
	many := len(c.in.Variables)
	sealing := Sealing{variables: map[[2]string]string{}, interpolated: map[string][]group{}, credentials: map[string][]Sealed{}, names: map[string]bool{}, public: c.public, whole: map[[2]string]bool{}, plainPath: c.policy.PlainPath}
	d := transform.Decisions{Variables: make([]transform.Decision, 0, many)}
	for i, v := range c.in.Variables {
		decision := c.decision(i, names)
		sealing.note(v, decision.Secret, c.isWhole(i))
		d.Variables = append(d.Variables, decision)
	}
	for i, credential := range c.in.Credentials {
		if name := names.ofValue(credential.Value, c.in.Copies); name != "" && !c.freed[i] {
			sealing.credentials[credential.Path] = append(sealing.credentials[credential.Path], Sealed{Secret: name, Value: credential.Value})
		}
	}
	for name := range c.secretNames {
		sealing.interpolated[name] = names.byBase[transform.SecretName(name)]
	}
	for _, base := range slices.Sorted(maps.Keys(names.byBase)) {
		for _, g := range names.byBase[base] {
			d.Secrets = append(d.Secrets, transform.Declared{Name: g.name, From: g.from, EndsLine: g.value.EndsLine()})
			sealing.names[g.name] = true
			if !g.unset {
				sealing.values = append(sealing.values, Sealed{Secret: g.name, Value: g.value})
			}
			sealing.values = append(sealing.values, c.in.copiesOf(g.name)...)
		}
	}
	noteHeld(d.Secrets, sealing.values)
	sealing.parts = append(allParts(sealing.values), c.in.Known...)
	slices.SortFunc(d.Secrets, func(a, b transform.Declared) int { return strings.Compare(a.Name, b.Name) })
	return d, sealing
}

// note keeps what of v a secret is: nothing, for most variables.
func (s Sealing) note(v Variable, secret string, whole bool) {
	if secret != "" {
		s.variables[[2]string{v.Service, v.Name}] = secret
	}
	if whole {
		s.whole[[2]string{v.Service, v.Name}] = true
	}
}

// decision returns what becomes of variable i.
func (c *classifier) decision(i int, names *naming) transform.Decision {
	v := c.in.Variables[i]
	d := transform.Decision{Service: v.Service, Image: v.Image, Name: v.Name, Finding: c.found[i], From: v.From, Origin: origin(v.Value, v.From), Place: v.Place, Respelled: v.Respelled}
	d.Unset = d.Verdict == transform.Secret && (v.Unset() || c.held.Has(v.Value))
	if !c.moves(i) {
		d.InClear = !v.Shown && v.Set && !v.Value.Empty()
		return d
	}
	native, known := images.NativeFor(v.Image, v.Name)
	d.Secret, d.Weak, d.TrimmedByImage = names.of(baseOf(v), v.Value), !d.Unset && verdict.Weak(v.Value), known && !native.Keeps(v.Value)
	return d
}

// BuiltOn sets, in decisions of in, the image whose own way to read files holds for each
// service that is built from source: its base, by service.
func BuiltOn(in Input, decisions *transform.Decisions, bases map[string]string) {
	for i, v := range in.Variables {
		d := &decisions.Variables[i]
		base := bases[d.Service]
		if base == "" || d.Image != "" {
			continue
		}
		native, known := images.NativeFor(base, d.Name)
		d.Image, d.TrimmedByImage = base, d.Secret != "" && known && !native.Keeps(v.Value)
	}
}

// sources returns the places of everything that moves.
func (c *classifier) sources() []source {
	var all []source
	for _, x := range c.in.Interpolated {
		if c.secretNames[x.Name] && (!x.Value.Empty() || x.Unset) {
			all = append(all, source{base: transform.SecretName(x.Name), value: x.Value, unset: x.Unset, from: x.From, spare: x.Default})
		}
	}
	for i, v := range c.in.Variables {
		if !c.moves(i) {
			continue
		}
		s := source{base: baseOf(v), service: v.Service, value: v.Value, unset: v.Partial(), from: v.From}
		if v.Of != "" {
			s.service = ""
		}
		all = append(all, s)
	}
	all = append(all, c.credentialSources(all)...)
	for i, s := range all {
		all[i].from = origin(s.value, s.from)
		all[i].spare = s.spare && all[i].from.Same(s.from)
	}
	return all
}

// origin returns the place that value comes from: from, or the place in a secret
// manager that value itself names.
func origin(value secret.Value, from secret.Reference) secret.Reference {
	if ref, managed := secret.Managed(value.Reveal()); managed {
		return ref
	}
	return from
}

// baseOf returns the name that v's secret gets if it is free: that of the variable
// which v is, else its own.
func baseOf(v Variable) string {
	if v.Of != "" {
		return transform.SecretName(v.Of)
	}
	return transform.SecretName(v.Name)
}

// PlainPath tells whether the owner calls the text at path, a path in the model, plain.
func (s Sealing) PlainPath(path string) bool { return s.plainPath != nil && s.plainPath(path) }

// IsPublic tells whether text is what a variable that is no secret gives, such as a
// public key that a command sends as a credential.
func (s Sealing) IsPublic(text secret.Value) bool { return slices.ContainsFunc(s.public, text.Equal) }

// At returns the secret that the variable of service moves to, "" if it stays.
func (s Sealing) At(service, variable string) string {
	return s.variables[[2]string{service, variable}]
}

// Of returns the secret that variable is where Compose interpolates it to text, ""
// if text may stay in clear.
func (s Sealing) Of(variable string, text secret.Value) string {
	for _, g := range s.interpolated[variable] {
		if g.value.Equal(text) {
			return g.name
		}
	}
	return ""
}

// Credential returns the secret of a literal after a flag at path, "" if it is
// none.
func (s Sealing) Credential(path string, text secret.Value) string {
	for _, literal := range s.credentials[path] {
		if literal.Value.Equal(text) {
			return literal.Secret
		}
	}
	return ""
}

// has tells whether the secret has that value.
func (s Sealing) has(name string, value secret.Value) bool {
	return slices.ContainsFunc(s.values, func(known Sealed) bool { return known.Secret == name && known.Value.Equal(value) })
}

// Values returns all secrets with their values, sorted by base name. One whose value is not
// set here is missing.
func (s Sealing) Values() []Sealed { return s.values }

// Secrets returns the values of Values, and the parts of them that are looked for too.
func (s Sealing) Secrets() []secret.Value {
	all := slices.Clone(s.parts)
	for _, known := range s.values {
		all = append(all, known.Value)
	}
	return all
}

// HasSecret tells whether a secret is called name, also one whose value is not set here.
func (s Sealing) HasSecret(name string) bool { return s.names[name] }
