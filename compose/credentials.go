package compose

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// commandText is a text of a service that its container runs: words, or a script
// for a shell.
type commandText struct {
	path  []string // below the service: command, entrypoint, healthcheck test
	texts []string // a script is a single text
	words bool
	put   func(texts []string)
}

// commandTexts returns the texts of service that its container runs, in a fixed
// order.
func commandTexts(service map[string]any) []commandText {
	var all []commandText
	for _, path := range [][]string{{"command"}, {"entrypoint"}, {"healthcheck", "test"}} {
		holder := service
		if len(path) == 2 {
			holder = mapping(service[path[0]])
		}
		key := path[len(path)-1]
		switch v := holder[key].(type) {
		case string:
			all = append(all, commandText{path: path, texts: []string{v}, put: func(texts []string) { holder[key] = texts[0] }})
		case []any:
			all = append(all, listText(path, v))
		}
	}
	return all
}

// listText returns a command given as a list. The first word of a healthcheck is
// not part of it: it says whether the others are words or a script.
func listText(path []string, list []any) commandText {
	skip, words := 0, true
	if path[0] == "healthcheck" && len(list) > 0 {
		skip, words = 1, list[0] != "CMD-SHELL"
	}
	c := commandText{path: path, words: words}
	for _, word := range list[skip:] {
		c.texts = append(c.texts, asText(word))
	}
	c.put = func(texts []string) {
		for i, text := range texts {
			list[skip+i] = text
		}
	}
	return c
}

// credentials are the literals after credential flags, and those that have the shape
// of a credential.
func (c commandText) credentials() []verdict.Literal { return scalar.Literals(c.texts, c.words) }

// credentials collects those of every service for Classify.
func (a *Application) credentials(model map[string]any) []classify.Credential {
	var all []classify.Credential
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		for _, c := range commandTexts(mapping(services[name])) {
			path := append([]string{"services", name}, c.path...)
			for i, literal := range c.credentials() {
				p := a.tree.locate(path...)
				uses := slices.DeleteFunc(textNames(p.node), func(used string) bool { return !a.isVariable(used) })
				credential := classify.Credential{Service: name, Path: strings.Join(path, "."), Value: literal.Value, Uses: uses}
				if p.found() {
					credential.From = a.composeReference(p)
					credential.From.Query = append(credential.From.Query, secret.Param{Key: "literal", Value: strconv.Itoa(i + 1)})
				}
				all = append(all, credential)
			}
		}
	}
	return all
}

// textNames returns the names of the variables in every scalar below node.
func textNames(node *yaml.Node) []string {
	if node == nil {
		return nil
	}
	if node.Kind == yaml.ScalarNode {
		parts, err := expression.Parse(node.Value)
		if err != nil {
			return nil
		}
		return expression.Names(parts, nil)
	}
	var all []string
	for _, child := range node.Content {
		all = append(all, textNames(document.Follow(child))...)
	}
	return all
}

// sealCredentials replaces each credential in a command by the seal of its secret: also
// one of which interpolation has sealed a part.
func (s sealer) sealCredentials(model map[string]any) {
	for name, value := range mapping(model["services"]) {
		for _, c := range commandTexts(mapping(value)) {
			s.sealCommand(c, strings.Join(append([]string{"services", name}, c.path...), "."))
		}
	}
}

func (s sealer) sealCommand(c commandText, path string) {
	found := c.credentials()
	for _, literal := range slices.Backward(found) {
		if seal.Whole(literal.Value.Reveal()) != "" {
			continue
		}
		if sealed := s.sealing.Credential(path, s.unsealed(literal.Value)); sealed != "" {
			text := c.texts[literal.Word]
			c.texts[literal.Word] = text[:literal.Start] + seal.Of(sealed) + text[literal.End:]
		}
	}
	if len(found) > 0 {
		c.put(c.texts)
	}
}

// unsealed is value with the values of the secrets in the place of their seals.
func (s sealer) unsealed(value secret.Value) secret.Value {
	return secret.NewValue(seal.Replace(value.Reveal(), func(name string) string {
		for _, known := range s.sealing.Values() {
			if known.Secret == name {
				return known.Value.Reveal()
			}
		}
		return ""
	}))
}
