package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/secret"
)

// SelectKey returns the part of a JSON payload that fragment (#/key, #/outer/key) names:
// a string without its quotes, any other JSON value byte for byte. An empty fragment
// selects the whole payload, which then need not be JSON. In a key, ~1 means a slash and
// ~0 a tilde (JSON pointers, RFC 6901). Errors quote keys of the payload, never a value.
// The error wraps ErrNotFound if the key does not exist or is null.
func SelectKey(payload secret.Value, fragment string) (secret.Value, error) {
	if fragment == "" {
		return payload, nil
	}
	raw := json.RawMessage(payload.Reveal())
	for key := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil || object == nil {
			return secret.Value{}, errors.New("the payload is not a JSON object; omit #/… to use the whole payload")
		}
		key = pointerKey(key)
		next, found := object[key]
		if !found {
			return secret.Value{}, fmt.Errorf("the payload has no key %s%s: %w", key, Suggestion(key, slices.Collect(maps.Keys(object))), ErrNotFound)
		}
		raw = next
	}
	return scalar(raw)
}

// SelectKeys replaces the whole payload in each of results by the part of it that the
// fragment of the same reference in refs names, as SelectKey does. Errors stay, and new
// ones begin with the reference.
func SelectKeys(refs []secret.Reference, results []Result) []Result {
	for i, ref := range refs {
		if results[i].Err != nil {
			continue
		}
		value, err := SelectKey(results[i].Value, ref.Fragment)
		if err != nil {
			results[i] = Result{Err: fmt.Errorf("%s: %w", ref, err)}
			continue
		}
		results[i].Value = value
	}
	return results
}

// pointerKey replaces the two escapes of JSON pointers by what they mean.
func pointerKey(key string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
}

// scalar returns a JSON value as a program reads it from a file: a string without quotes
// and escapes, anything else unchanged. It fails for null.
func scalar(raw json.RawMessage) (secret.Value, error) {
	raw = bytes.TrimSpace(raw)
	if string(raw) == "null" {
		return secret.Value{}, fmt.Errorf("the key's value is null: %w", ErrNotFound)
	}
	if len(raw) == 0 || raw[0] != '"' {
		return secret.NewValue(string(raw)), nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return secret.Value{}, errors.New("the key's value is not a JSON string")
	}
	return secret.NewValue(text), nil
}

// merge returns payload, a JSON object or empty, with the values set at their fragments;
// other keys do not change. Errors quote no value.
func merge(payload secret.Value, values map[string]secret.Value) (secret.Value, error) {
	root := map[string]any{}
	if !payload.Empty() {
		decoder := json.NewDecoder(strings.NewReader(payload.Reveal()))
		decoder.UseNumber()
		if !json.Valid([]byte(payload.Reveal())) || decoder.Decode(&root) != nil || root == nil {
			return secret.Value{}, errors.New("the existing payload is not a JSON object, so no key can be set in it")
		}
	}
	for _, fragment := range slices.Sorted(maps.Keys(values)) {
		if err := set(root, strings.Split(strings.TrimPrefix(fragment, "/"), "/"), values[fragment].Reveal()); err != nil {
			return secret.Value{}, err
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(root) != nil {
		return secret.Value{}, errors.New("the existing payload cannot be encoded as JSON")
	}
	return secret.NewValue(strings.TrimSuffix(text.String(), "\n")), nil
}

// set sets the key that a JSON pointer's keys lead to, and creates the objects that are
// missing on the way. It fails if another value is in the way, or if text is not UTF-8.
func set(object map[string]any, keys []string, text string) error {
	for _, key := range keys[:len(keys)-1] {
		key = pointerKey(key)
		next, isObject := object[key].(map[string]any)
		if _, exists := object[key]; exists && !isObject {
			return fmt.Errorf("the key %s has a value of its own, and no key can be set below it", key)
		}
		if !isObject {
			next = map[string]any{}
			object[key] = next
		}
		object = next
	}
	key := pointerKey(keys[len(keys)-1])
	if !utf8.ValidString(text) { // encoding/json would replace the invalid bytes
		return fmt.Errorf("the value for the key %s is not text (UTF-8), and JSON keeps only that; encode it, in base64 for example", key)
	}
	object[key] = text
	return nil
}
