package schematest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// Validator validates against one file of docs/schemas, more strictly than it says: a
// member that it does not name is a fault.
type Validator struct{ schema *jsonschema.Schema }

// Open reads the schema called name in the module at root. Of a schema that extends
// others by their URL, only its own part counts.
func Open(root, name string) (Validator, error) {
	content, err := regular.Read(filepath.Join(root, "docs", "schemas", name))
	if err != nil {
		return Validator{}, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return Validator{}, fmt.Errorf("%s: %w", name, err)
	}
	if whole, ok := document.(map[string]any); ok && whole["allOf"] != nil {
		delete(whole, "allOf")
	} else {
		closeObjects(document)
	}
	compiler := jsonschema.NewCompiler()
	if err = compiler.AddResource(base+name, document); err != nil {
		return Validator{}, err
	}
	schema, err := compiler.Compile(base + name)
	return Validator{schema}, err
}

// closeObjects forbids the members that the objects in node do not name.
func closeObjects(node any) {
	switch node := node.(type) {
	case map[string]any:
		for _, child := range node {
			closeObjects(child)
		}
		if _, named := node["properties"].(map[string]any); named && node["type"] == "object" {
			node["additionalProperties"] = false
		}
	case []any:
		for _, child := range node {
			closeObjects(child)
		}
	}
}

// JSON validates each of the values that text has, one after the other. No value at all is
// a fault.
func (v Validator) JSON(text string) error {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	for count := 0; ; count++ {
		var value any
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) && count > 0 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("value %d: %w", count+1, err)
		}
		if err = v.schema.Validate(value); err != nil {
			return fmt.Errorf("value %d: %w", count+1, err)
		}
	}
}

// Value validates a value that a YAML decoder returned.
func (v Validator) Value(value any) error { return v.schema.Validate(value) }

// Output returns the file in docs/schemas for what a command of docker secrets prints with
// --format json; "" for one that prints none.
func Output(command string) string {
	switch command {
	case "migrate", "check", "ls", "diff", "log":
		return command + ".schema.json"
	case "deploy", "rotate", "create", "push":
		return "event.schema.json"
	}
	return ""
}

// Printed validates what the program printed to stdout when it ran with args, if they ask
// for JSON and there is a report.
func Printed(root string, args []string, stdout string) error {
	name, wanted := "", false
	for i, arg := range args {
		if name == "" {
			name = Output(arg)
		}
		wanted = wanted || arg == "--format=json" || arg == "json" && i > 0 && args[i-1] == "--format"
	}
	if !wanted || name == "" || stdout == "" {
		return nil
	}
	validator, err := Open(root, name)
	if err != nil {
		return err
	}
	return validator.JSON(stdout)
}
