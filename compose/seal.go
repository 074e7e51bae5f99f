package compose

import (
	"context"
	"maps"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// SealedApplication is the application with every secret replaced by a seal
// (package seal). It holds no value of a secret, and of the source's text only keys,
// comments and order.
type SealedApplication struct {
	Name   string
	Model  map[string]any // compose-go's merged tree; env files and label files folded in
	Layout *Layout        // the order, forms and comments of the source

	Warnings []transform.Warning // what became of configs, in order of path

	held []heldText

	disguise func(text string) bool
}

// Seal loads the application again with the secrets of sealing replaced. It does
// not change a: calls with the same sealing give the same result. It fails if a
// secret's value would be left in the result, if Load would fail, or if compose-go
// needs a number or a name where a secret stands; that error names the variable and the
// line.
func (a *Application) Seal(ctx context.Context, sealing classify.Sealing) (*SealedApplication, error) {
	s := sealer{app: a, sealing: sealing, literals: newLiterals(sealing.Values(), sealing.Disguises()...), warnings: new([]transform.Warning), labelFiles: map[[2]string]string{}, made: map[string]heldText{}}
	if err := s.checkName(); err != nil {
		return nil, err
	}
	model, name, err := s.load(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.sealModel(model); err != nil {
		return nil, err
	}
	held := s.heldTexts(model)
	a.src.rebase(model)
	layout := a.tree.layout(s.literals, s.remarks())
	layout.envFiles, layout.labelFiles = a.envFilesShown(), s.labelFiles
	if err := scan(model, layout, s.literals); err != nil {
		return nil, err
	}
	for i, w := range *s.warnings {
		(*s.warnings)[i].Path = layout.Line(w.Path)
	}
	return &SealedApplication{Name: name, Model: model, Layout: layout, Warnings: *s.warnings, held: held, disguise: s.literals.disguise}, nil
}

// sealer replaces the secrets that sealing names while compose-go loads, and then
// in what it loaded.
type sealer struct {
	app      *Application
	sealing  classify.Sealing
	literals *literals
	warnings *[]transform.Warning

	made       map[string]heldText  // what secrets hold that were configs
	labelFiles map[[2]string]string // service and label → FILE:LINE in a label file
}

// load returns the sealed model and the project's name. compose-go has found the
// application consistent.
func (s sealer) load(ctx context.Context) (model map[string]any, name string, err error) {
	env := s.environment()
	model, name, ok := s.reopened(env)
	if !ok {
		if model, name, err = s.app.src.model(ctx, env, s.substitute); err != nil {
			return nil, "", s.app.explainSealed(err)
		}
	}
	if err := s.checkStructure(model); err != nil {
		return nil, "", err
	}
	if s.literals.in(name) || s.literals.disguise(name) {
		return nil, "", s.app.structuralFault(structural{keys: []string{"name"}}, "it contains a secret, and the stack's name is public; choose another one, or give one with -p")
	}
	s.sealResources(model)
	if err := s.app.src.check(model, name, env); err != nil {
		return nil, "", s.app.explainChecked(err, s.literals)
	}
	return model, name, nil
}

// sealModel replaces what interpolation did not: the values of env files and label
// files, and secrets that people wrote out.
func (s sealer) sealModel(model map[string]any) error {
	s.app.src.dropInactive(model)
	dropExtensions(model)
	s.sealEntries(model)
	s.sealCredentials(model)
	if err := s.sealLabels(model); err != nil {
		return err
	}
	s.literals.sealModel(model)
	s.sealConfigs(model)
	if s.app.src.keepNames {
		s.keepVariables(model)
	}
	return nil
}

// remarks returns the nodes in which a secret is written out. Their comments are
// dropped: for YAML " #" begins a comment, but the author may have written it as part
// of the password.
func (s sealer) remarks() map[*yaml.Node]bool {
	nodes := map[*yaml.Node]bool{}
	for service, entries := range s.app.entries {
		for name := range entries {
			if s.sealing.At(service, name) != "" {
				s.addLiteral([]string{"services", service, "environment", name}, nodes)
			}
		}
	}
	for _, credential := range s.app.Input.Credentials {
		if s.sealing.Credential(credential.Path, credential.Value) != "" {
			within := strings.TrimPrefix(credential.Path, "services."+credential.Service+".") // the name may hold dots
			s.addLiteral(append([]string{"services", credential.Service}, strings.Split(within, ".")...), nodes)
		}
	}
	return nodes
}

// addLiteral adds every node at path whose text does not begin with a variable.
func (s sealer) addLiteral(path []string, nodes map[*yaml.Node]bool) {
	for p := range s.app.tree.locations(path) {
		if raw, bare := rawEntry(p); !bare && !strings.HasPrefix(raw, "$") {
			nodes[p.node] = true
		}
	}
}

// envFilesShown returns for each service which env file sets which variable.
func (a *Application) envFilesShown() map[string]map[string]string {
	shown := map[string]map[string]string{}
	for service, entries := range a.entries {
		shown[service] = map[string]string{}
		for name, e := range entries {
			if !e.explicit {
				shown[service][name] = e.variable.Place
			}
		}
	}
	return shown
}

// environment returns the project's variables, with a seal for every one that is a
// secret. One that the files do not name has no verdict, and cannot get into the
// model.
func (s sealer) environment() map[string]string {
	env := s.app.src.env.values.texts()
	for name, value := range s.app.src.env.values {
		if secretName := s.sealing.Of(name, value); secretName != "" {
			env[name] = seal.Of(secretName)
		}
	}
	return env
}

// substitute interpolates text with seals for secrets.
func (s sealer) substitute(text string, value template.Mapping) (string, error) {
	parts, err := expression.Parse(text)
	if err != nil {
		return "", err
	}
	return expression.Expand(parts, expression.Lookup(value), func(p expression.Part, text string, _ bool) string {
		if seal.Has(text) || text == "" && p.Op != "" { // the author's own empty text is no secret
			return text
		}
		if name := s.sealing.Of(p.Name, secret.NewValue(text)); name != "" {
			return seal.Of(name)
		}
		return text
	})
}

// sealEntries writes each service's variables, those of its env files too, into
// environment in the author's form, with a seal for each one that moves.
func (s sealer) sealEntries(model map[string]any) {
	for name, value := range mapping(model["services"]) {
		service := mapping(value)
		delete(service, "env_file")
		entries := s.app.entries[name]
		if len(entries) == 0 {
			continue
		}
		texts := make(map[string]any, len(entries))
		current := environmentEntries(service["environment"])
		for key, e := range entries {
			switch sealed := s.sealing.At(name, key); {
			case sealed != "":
				texts[key] = seal.Of(sealed)
			case !e.variable.Set:
				texts[key] = nil
			case e.explicit && current[key] != nil:
				texts[key] = current[key] // as the sealed load made it, with its type
			default:
				texts[key] = e.variable.Value.Reveal() // plain
			}
		}
		service["environment"] = s.inForm(service["environment"], texts, "services", name, "environment")
	}
}

// dropExtensions removes x- keys, which people write to put anchors on. A stack
// file does not need them.
func dropExtensions(model map[string]any) {
	isExtension := func(key string, _ any) bool { return strings.HasPrefix(key, "x-") && key != "x-stack" }
	maps.DeleteFunc(model, isExtension)
	for _, service := range mapping(model["services"]) {
		maps.DeleteFunc(mapping(service), isExtension)
	}
}
