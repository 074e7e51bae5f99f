package scalar

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Place is a text that shows a credential.
type Place struct {
	Path    string   // in the model: services.web.labels.app.token, services.web.tmpfs[0]
	Keys    []string // the same as keys; the last one is NAME for an item NAME=VALUE, and that of the list for another item
	Service string   // "" for a place outside services
	Text    secret.Value
	Spans   []verdict.Span // what of Text is the credential, never none
}

// Credentials are the texts of p's spans: of one with a seal in it, what is written out
// beside the seal.
func (p Place) Credentials() []secret.Value {
	var all []secret.Value
	for _, span := range p.Spans {
		for _, piece := range written(p.Text.Reveal()[span.Start:span.End]) {
			all = append(all, secret.NewValue(piece))
		}
	}
	return all
}

// Judge returns the texts of model that show a credential, in order of path. The
// variables of services are left out, because they have verdicts of their own.
func Judge(model map[string]any) []Place {
	j := &judge{}
	for _, key := range slices.Sorted(maps.Keys(model)) {
		j.value(position{}.key(key), model[key])
	}
	return j.found
}

// judge collects places.
type judge struct{ found []Place }

// position is where a walk through a model is.
type position struct {
	path  string
	keys  []string
	named bool // the keys below are the author's names for their values
}

func (p position) key(name string) position {
	path := name
	if p.path != "" {
		path = p.path + "." + name
	}
	below := position{path: path, keys: append(slices.Clip(p.keys), name)}
	below.named = isNamed(below.keys)
	return below
}

func (p position) item(i int) position {
	return position{path: fmt.Sprintf("%s[%d]", p.path, i), keys: p.keys, named: p.named}
}

// service is the service that p is in, "" for none.
func (p position) service() string {
	if len(p.keys) > 1 && p.keys[0] == "services" {
		return p.keys[1]
	}
	return ""
}

// value walks down.
func (j *judge) value(at position, value any) {
	if isSkipped(at.keys) {
		return
	}
	if isCommand(at.keys) {
		j.command(at, value)
		return
	}
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below := at.key(key)
			if _, leaf := v[key].(map[string]any); at.named && !leaf {
				j.named(below, key, v[key])
				continue
			}
			j.value(below, v[key])
		}
	case []any:
		for i, item := range v {
			j.item(at, i, item)
		}
	case string:
		j.text(at, shown(v))
	}
}

// item judges an item of a list: NAME=VALUE where the author's names are.
func (j *judge) item(at position, i int, item any) {
	name, text, assigns := strings.Cut(fmt.Sprint(item), "=")
	if _, isText := item.(string); !at.named || !isText || !assigns {
		j.value(at.item(i), item)
		return
	}
	below := at.item(i)
	below.keys = append(slices.Clip(at.keys), name)
	j.named(below, name, text)
}

// named judges a value by the name that its key is, and by its shape.
func (j *judge) named(at position, name string, value any) {
	if list, ok := value.([]any); ok {
		for i, item := range list {
			j.named(at.item(i), name, item)
		}
		return
	}
	if value == nil || value == "" {
		return
	}
	text := shown(fmt.Sprint(value))
	if spans := credentials(text, at); len(spans) > 0 {
		j.add(at, text, spans)
		return
	}
	spans := []verdict.Span{{End: len(text)}}
	if seal.Has(text) {
		spans = glued(text, 1) // what else the name tells of is sealed
	}
	finding := verdict.Policy{}.JudgeKey(verdict.Candidate{Name: name, Value: secret.NewValue(text)})
	if finding.Verdict != transform.Secret || len(spans) == 0 {
		return
	}
	for i := range spans {
		spans[i].Rule = finding.Rule
	}
	j.add(at, text, spans)
}

// text judges a text by its shape.
func (j *judge) text(at position, text string) {
	if spans := credentials(text, at); len(spans) > 0 {
		j.add(at, text, spans)
	}
}

// shown is text with the author's own ${NAME} where one is kept.
func shown(text string) string {
	return seal.EachKept(text, func(plain string) string { return plain })
}

func (j *judge) add(at position, text string, spans []verdict.Span) {
	j.found = append(j.found, Place{Path: at.path, Keys: at.keys, Service: at.service(), Text: secret.NewValue(text), Spans: spans})
}
