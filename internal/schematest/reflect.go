// Package schematest makes JSON Schemas of Go types, and validates what the program prints
// against the ones in docs/schemas. Only tests use it. It does not know which outputs
// there are.
package schematest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

const (
	draft = "https://json-schema.org/draft/2020-12/schema"
	base  = "https://raw.githubusercontent.com/docker-secrets/docker-secrets/main/docs/schemas/"
)

// Schema returns the schema of the JSON that encoding/json writes for v, as the file that
// is called name. Descriptions are the comments of the fields in the module at root. A
// member without omitempty is required; members that are not named may come. It fails
// for a type that it does not know how to describe, and for source that cannot be parsed.
func Schema(root, name, title string, v any) (map[string]any, error) {
	r := reflector{root: root, comments: map[string]map[string]string{}}
	schema, err := r.of(reflect.TypeOf(v))
	if err != nil {
		return nil, err
	}
	schema["$schema"], schema["$id"], schema["title"] = draft, base+name, title
	return schema, nil
}

// Methods returns the schema of the object that the docker CLI's {{json .}} writes for v:
// the results of its methods, all of them texts, but those called in without.
func Methods(name, title string, v any, without ...string) map[string]any {
	properties := map[string]any{}
	of := reflect.TypeOf(v)
	for method := range of.Methods() {
		if !slices.Contains(without, method.Name) {
			properties[method.Name] = map[string]any{"type": "string"}
		}
	}
	schema := object(properties, slices.Sorted(maps.Keys(properties)))
	schema["$schema"], schema["$id"], schema["title"] = draft, base+name, title
	return schema
}

func object(properties map[string]any, required []string) map[string]any {
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

type reflector struct {
	root     string
	comments map[string]map[string]string // folder → Type.Field → text
}

func (r *reflector) of(t reflect.Type) (map[string]any, error) {
	if t == reflect.TypeFor[time.Time]() {
		return map[string]any{"type": "string", "format": "date-time"}, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return r.of(t.Elem())
	case reflect.String:
		return map[string]any{"type": "string"}, nil
	case reflect.Bool:
		return map[string]any{"type": "boolean"}, nil
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}, nil
	case reflect.Slice:
		items, err := r.of(t.Elem())
		return map[string]any{"type": "array", "items": items}, err
	case reflect.Struct:
		properties, required := map[string]any{}, []string(nil)
		if err := r.fields(t, properties, &required); err != nil {
			return nil, err
		}
		slices.Sort(required)
		return object(properties, required), nil
	default:
		return nil, fmt.Errorf("%s: no schema for a %s", t, t.Kind())
	}
}

// fields adds the members of t to properties. Those of an embedded pointer are there or
// not, so none of them is required.
func (r *reflector) fields(t reflect.Type, properties map[string]any, required *[]string) error {
	comments, err := r.commentsOf(t)
	if err != nil {
		return err
	}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous && name == "":
			err = r.fields(field.Type.Elem(), properties, &[]string{})
		case name != "":
			properties[name], err = r.member(field.Type, comments[t.Name()+"."+field.Name])
			if options != "omitempty" {
				*required = append(*required, name)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *reflector) member(t reflect.Type, comment string) (map[string]any, error) {
	schema, err := r.of(t)
	if err == nil && comment != "" {
		schema["description"] = comment
	}
	return schema, err
}
