package plugin

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/audit"
	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/internal/schematest"
)

// outputSchemas returns the schemas of what --format json prints, by file.
func outputSchemas(t *testing.T) map[string]map[string]any {
	t.Helper()
	schemas := map[string]map[string]any{}
	for name, output := range map[string]struct {
		title string
		value any
	}{
		"migrate.schema.json": {"What docker secrets migrate --format json prints", migrateReport{}},
		"event.schema.json":   {"A line that docker secrets deploy, rotate, create or push --format json prints", event{}},
		"check.schema.json":   {"What docker secrets check --format json prints", check.JSONReport{}},
		"log.schema.json":     {"A line that docker secrets log --format json prints, and a line of the audit log", audit.Entry{}},
	} {
		schema, err := schematest.Schema("..", name, output.title, output.value)
		if err != nil {
			t.Fatal(err)
		}
		schemas[name] = schema
	}
	for name, row := range map[string]any{"ls": &listContext{}, "diff": &diffContext{}} {
		file := name + ".schema.json"
		schemas[file] = schematest.Methods(file, "A line that docker secrets "+name+" --format json prints", row, "MarshalJSON", "FullHeader")
	}
	return schemas
}

// The schemas in docs/schemas must be those of the types that the program prints.
func TestSchemasAreThoseOfTheOutputs(t *testing.T) {
	for name, schema := range outputSchemas(t) {
		var made bytes.Buffer
		encoder := json.NewEncoder(&made)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(schema); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("..", "docs", "schemas", name)
		if *update {
			if err := os.WriteFile(path, made.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		there, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(there), made.String()); diff != "" {
			t.Errorf("%s is stale; go test ./plugin -run Schemas -update rewrites it (-there +made)\n%s", path, diff)
		}
	}
}

// Each command that can print JSON must have a schema, and nothing else must.
func TestEachJSONOutputHasASchema(t *testing.T) {
	tree, err := Tree()
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range tree.Commands() {
		flag := cmd.Flags().Lookup("format")
		prints := flag != nil && strings.Contains(flag.Usage, `"json"`)
		if has := schematest.Output(cmd.Name()) != ""; has != prints {
			t.Errorf("%s: has a schema: %v, prints JSON: %v", cmd.Name(), has, prints)
		}
	}
}

// Each row of ls and diff, and each event, must be as its schema says: what is not in
// there, or has another type, must be a fault.
func TestOutputsAreAsTheirSchemasSay(t *testing.T) {
	for name, value := range map[string]any{
		"ls.schema.json":   newListContext(listRow{}),
		"diff.schema.json": newDiffContext(&diffRow{}),
		"event.schema.json": event{
			Event: "plan", planReport: &planReport{Operations: []opReport{{Services: []string{"api"}}}}, pushReport: &pushReport{Places: []placeReport{{}}},
			Progress: &progressReport{}, Residue: &residueReport{}, Pins: []pinReport{{}}, Text: "x", Status: "running",
		},
		"log.schema.json": audit.Entry{},
	} {
		validator, err := schematest.Open("..", name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if err = validator.JSON(string(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if validator.JSON(strings.Replace(string(text), "{", `{"unheard": 1,`, 1)) == nil {
			t.Errorf("%s: takes a member that nothing prints", name)
		}
		if validator.JSON("{}") == nil || validator.JSON("") == nil {
			t.Errorf("%s: takes nothing at all", name)
		}
	}
}

// Each compose file and stack file of a test must have x- keys as the schema for editors
// says.
func TestFilesAreAsTheEditorsSchemaSays(t *testing.T) {
	validator, err := schematest.Open("..", "compose.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, c := range goldenCases(t) {
		text, ok := c.want[defaultOutput]
		if !ok {
			continue
		}
		count++
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := validator.Value(value); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if count == 0 {
		t.Error("no golden case has a stack file")
	}
}

// The schema for editors must find what docker secrets would refuse, and take what it reads.
func TestEditorsSchemaFindsFaults(t *testing.T) {
	validator, err := schematest.Open("..", "compose.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for text, good := range map[string]bool{
		"x-docker-secrets: {secret: '*_PHRASE', plain: [a, b], delivery: [api=file]}":    true,
		"x-docker-secrets: {secrets: [a]}":                                               false,
		"x-docker-secrets: {plain: 1}":                                                   false,
		"services: {api: {x-docker-secrets: {delivery: env}}}":                           true,
		"services: {api: {x-docker-secrets: {deliver: env}}}":                            false,
		"secrets: {a: {external: true, x-from: [env://A, 'ref+vault://a/b#/c']}}":        true,
		"secrets: {a: {external: true, x-from: A}}":                                      false,
		"secrets: {a: {external: true, x-template: {}}}":                                 false,
		"configs: {a: {external: true, x-content: text}}":                                true,
		"x-inline: {TAG: env://TAG}":                                                     true,
		"x-inline: [TAG]":                                                                false,
		"x-in-clear: [services.api.labels.a]":                                            true,
		"x-in-clear: services.api":                                                       false,
		"x-unread: {api: {variables: [A], cause: why}}":                                  true,
		"x-unread: {api: [A]}":                                                           false,
		"x-migrate: {file: [a.yml], no-interpolate: true, variables: {A: b}, to: v://a}": true,
		"x-migrate: {files: [a.yml]}":                                                    false,
		"x-images: {nginx: 'ENTRYPOINT [\"/x\"]'}":                                       true,
		"x-images: [nginx]":                                                              false,
		"x-stack: shop":                                                                  true,
		"x-stack: [shop]":                                                                false,
		"x-anything: {else: 1}":                                                          true,
	} {
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if err := validator.Value(value); (err == nil) != good {
			t.Errorf("%s: %v, want good: %v", text, err, good)
		}
	}
}
