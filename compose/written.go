package compose

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Written is what the owner of the application has decided in the compose files:
// x-docker-secrets at the top level and in services.
type Written struct {
	Policy  verdict.Policy
	Deliver []string // as --deliver takes it: KIND, or SERVICE=KIND
}

// writtenKey is the extension that holds decisions.
const writtenKey = "x-docker-secrets"

// written reads the decisions of model. Globs of a service apply to its own
// variables only. Errors are joined and name the path.
func written(model map[string]any) (Written, error) {
	var w Written
	faults := []error{w.add(writtenKey, "", model[writtenKey])}
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		faults = append(faults, w.add("services."+name+"."+writtenKey, name, mapping(services[name])[writtenKey]))
	}
	if err := w.Policy.Check(); err != nil {
		faults = append(faults, fmt.Errorf("%s: %w", writtenKey, err))
	}
	return w, errors.Join(faults...)
}

func (w *Written) add(path, service string, value any) error {
	if value == nil {
		return nil
	}
	block := mapping(value)
	if block == nil {
		return fmt.Errorf("%s: write secret:, plain: and delivery: below it", path)
	}
	scope := ""
	if service != "" {
		scope = service + "."
	}
	var faults []error
	for _, key := range slices.Sorted(maps.Keys(block)) {
		texts, err := textList(block[key])
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s.%s: %w", path, key, err))
		case key == "secret":
			w.Policy.Secret = append(w.Policy.Secret, prefixed(scope, texts)...)
		case key == "plain":
			w.Policy.Plain = append(w.Policy.Plain, prefixed(scope, texts)...)
		case key == "delivery" && service == "":
			w.Deliver = append(w.Deliver, texts...)
		case key == "delivery":
			w.Deliver = append(w.Deliver, prefixed(service+"=", texts)...)
		default:
			faults = append(faults, fmt.Errorf("%s.%s: not known; it has secret, plain and delivery", path, key))
		}
	}
	return errors.Join(faults...)
}

func prefixed(prefix string, texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = prefix + text
	}
	return all
}

// textList returns a string, or a list of strings, as a list.
func textList(value any) ([]string, error) {
	if text, ok := value.(string); ok {
		return []string{text}, nil
	}
	list, ok := value.([]any)
	if !ok {
		return nil, errors.New("write a text or a list of texts")
	}
	var texts []string
	for _, item := range list {
		text, ok := item.(string)
		if !ok {
			return nil, errors.New("write a list of texts")
		}
		texts = append(texts, text)
	}
	return texts, nil
}
