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

// Choose takes what a fragment (#/key, #/outer/key) names out of a JSON payload:
// strings without their quotes, everything else byte for byte as it stands. No
// fragment is the whole payload. In a key, ~1 is a slash and ~0 a tilde, as in
// JSON pointers. Errors quote keys of the payload, never a value; one for a key
// that is not there wraps ErrNotFound.
func Choose(payload secret.Value, fragment string) (secret.Value, error) {
	if fragment == "" {
		return payload, nil
	}
	raw := json.RawMessage(payload.Reveal())
	for key := range strings.SplitSeq(strings.TrimPrefix(fragment, "/"), "/") {
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) != nil || object == nil {
			return secret.Value{}, errors.New("the payload is no JSON object; leave the #/… out to take it whole")
		}
		key = pointerKey(key)
		next, found := object[key]
		if !found {
			return secret.Value{}, fmt.Errorf("the payload has no key %s%s: %w", key, DidYouMean(key, slices.Collect(maps.Keys(object))), ErrNotFound)
		}
		raw = next
	}
	return scalar(raw)
}

// pointerKey undoes the two escapes of JSON pointers.
func pointerKey(key string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
}

// scalar is a JSON value as a program would read it from a file.
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
		return secret.Value{}, errors.New("the key's value is no JSON string")
	}
	return secret.NewValue(text), nil
}

// merge returns payload, a JSON object or nothing, with the values at their
// fragments; other keys stay. Errors quote no value.
func merge(payload secret.Value, values map[string]secret.Value) (secret.Value, error) {
	root := map[string]any{}
	if !payload.Empty() {
		decoder := json.NewDecoder(strings.NewReader(payload.Reveal()))
		decoder.UseNumber()
		if !json.Valid([]byte(payload.Reveal())) || decoder.Decode(&root) != nil || root == nil {
			return secret.Value{}, errors.New("what is there is no JSON object, and a key cannot be set in it")
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
		return secret.Value{}, errors.New("what is there cannot be written as JSON again")
	}
	return secret.NewValue(strings.TrimSuffix(text.String(), "\n")), nil
}

// set puts text below keys, of a JSON pointer, with objects on the way there.
func set(object map[string]any, keys []string, text string) error {
	for _, key := range keys[:len(keys)-1] {
		key = pointerKey(key)
		next, isObject := object[key].(map[string]any)
		if _, there := object[key]; there && !isObject {
			return fmt.Errorf("the key %s has a value of its own, and no key can be set below it", key)
		}
		if !isObject {
			next = map[string]any{}
			object[key] = next
		}
		object = next
	}
	key := pointerKey(keys[len(keys)-1])
	if !utf8.ValidString(text) { // encoding/json would put other bytes in its place
		return fmt.Errorf("the value for the key %s is not text (UTF-8), and JSON keeps only that; encode it, in base64 for example", key)
	}
	object[key] = text
	return nil
}
