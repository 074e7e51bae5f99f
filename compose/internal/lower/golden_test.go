package lower_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	composeloader "github.com/compose-spec/compose-go/v2/loader"
	composetypes "github.com/compose-spec/compose-go/v2/types"
	stackloader "github.com/docker/cli/cli/compose/loader"
	stacktypes "github.com/docker/cli/cli/compose/types"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
)

var update = flag.Bool("update", false, "rewrite the wanted files in testdata")

const project = "shop"

// A lowered file must be what testdata says, and what docker stack deploy takes.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	got := map[string]string{}
	stack, changes, err := lower.Lower(model(t, files["compose.yaml"]), lower.Options{Project: project})
	if err != nil {
		got["want.error"] = err.Error() + "\n"
	} else {
		accept(t, stack)
		again(t, stack)
		got["want.yaml"] = encode(t, stack)
		got["want.changes"] = account(changes)
	}
	if *update {
		rewrite(t, path, archive, got)
		return
	}
	want := map[string]string{}
	for name, text := range files {
		if strings.HasPrefix(name, "want.") {
			want[name] = text
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func model(t *testing.T, text string) map[string]any {
	t.Helper()
	m, err := load(t.Context(), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// load is what compose.Load does before it lowers.
func load(ctx context.Context, text []byte) (map[string]any, error) {
	details := composetypes.ConfigDetails{
		WorkingDir:  "/nowhere",
		Environment: composetypes.Mapping{"FROM_SHELL": "value"},
		ConfigFiles: []composetypes.ConfigFile{{Filename: "compose.yaml", Content: text}},
	}
	return composeloader.LoadModelWithContext(ctx, details, func(o *composeloader.Options) {
		o.SetProjectName(project, true)
		o.SkipNormalization = true
		o.SkipDefaultValues = true
		o.ResolvePaths = false
		o.SkipInclude = true
	})
}

// accept fails the test unless docker stack deploy would load the stack.
func accept(t *testing.T, stack map[string]any) {
	t.Helper()
	if err := deployable(stack); err != nil {
		t.Errorf("docker stack deploy refuses the result: %v\n%s", err, encode(t, stack))
	}
}

// again fails the test unless lowering changes nothing more. Escaped templates are
// the exception: they are text again.
func again(t *testing.T, stack map[string]any) {
	t.Helper()
	if strings.Contains(encode(t, stack), `{{"{{"}}`) {
		return
	}
	twice, _, err := lower.Lower(stack, lower.Options{Project: project})
	if err != nil {
		t.Fatalf("lowered once it is refused: %v", err)
	}
	if diff := cmp.Diff(stack, twice); diff != "" {
		t.Errorf("lowered twice (-once +twice)\n%s", diff)
	}
}

// deployable is docker stack deploy's verdict before it asks the Engine.
func deployable(stack map[string]any) error {
	text, err := yaml.Marshal(doubled(stack))
	if err != nil {
		return err
	}
	config, err := stackloader.ParseYAML(text)
	if err != nil {
		return err
	}
	_, err = stackloader.Load(stacktypes.ConfigDetails{
		WorkingDir:  "/nowhere",
		ConfigFiles: []stacktypes.ConfigFile{{Filename: "stack.yaml", Config: config}},
		Environment: map[string]string{"HOME": "/root"},
	})
	return err
}

func encode(t *testing.T, stack map[string]any) string {
	t.Helper()
	var b strings.Builder
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(stack); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// doubled is the stack with every $ in a value doubled, as compose.Write has it.
func doubled(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, entry := range v {
			out[key] = doubled(entry)
		}
		return out
	case []any:
		out := []any{}
		for _, entry := range v {
			out = append(out, doubled(entry))
		}
		return out
	case string:
		return strings.ReplaceAll(v, "$", "$$")
	}
	return value
}

// account writes one line a change.
func account(changes []lower.Change) string {
	var b strings.Builder
	for _, c := range changes {
		word := "note"
		if c.Loss {
			word = "LOSS"
		}
		fmt.Fprintf(&b, "%s %s %s: %s\n", word, c.Code, c.Path, c.Message)
	}
	return b.String()
}

func rewrite(t *testing.T, path string, archive *txtar.Archive, got map[string]string) {
	t.Helper()
	var files []txtar.File
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want.") {
			files = append(files, f)
		}
	}
	for _, name := range []string{"want.error", "want.yaml", "want.changes"} {
		if text, ok := got[name]; ok {
			files = append(files, txtar.File{Name: name, Data: []byte(text)})
		}
	}
	archive.Files = files
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A message must not quote what could be a secret.
func TestNoValueInMessages(t *testing.T) {
	const canary = "hunter2"
	text := strings.ReplaceAll(`
services:
  web:
    image: CANARY
    build: {args: {A: CANARY}}
    command: CANARY
    entrypoint: []
    environment: {A: CANARY, B: "{{CANARY}}", C: "{{.Task.Slot}}CANARY"}
    labels: {A: CANARY}
    annotations: {A: CANARY}
    healthcheck: {test: CANARY}
    hostname: "{{CANARY}}"
    domainname: CANARY
    extra_hosts: ["CANARY:10.0.0.1"]
    external_links: [CANARY]
    links: [CANARY, "web:CANARY"]
    logging: {options: {A: CANARY}}
    network_mode: container:CANARY
    platform: linux/CANARY
    runtime: CANARY
    secrets: [{source: s, uid: CANARY}]
    storage_opt: {A: CANARY}
    sysctls: {A: CANARY}
    tmpfs: ["/CANARY:CANARY=1"]
    user: CANARY
    volumes: ["./CANARY:/CANARY:z"]
    volumes_from: ["container:CANARY"]
    x-a: CANARY
secrets: {s: {file: ./CANARY}}
configs: {c: {content: CANARY}}
networks: {n: {external: true, name: CANARY}, o: {driver: bridge, driver_opts: {com.docker.network.bridge.name: CANARY}}}
volumes: {v: {name: CANARY}}`, "CANARY", canary)
	_, changes, err := lower.Lower(model(t, text), lower.Options{Project: project})
	if err != nil {
		t.Fatal(err)
	}
	if len(changes) < 20 {
		t.Fatalf("%d changes, too few to show anything", len(changes))
	}
	if said := account(changes); strings.Contains(said, canary) {
		t.Errorf("quoted in\n%s", said)
	}
}

// Lower must leave the model as it was.
func TestModelStays(t *testing.T) {
	text := `services: {web: {image: web, ports: ["80:80"], tmpfs: /run, environment: {A: 1}, networks: {n: {aliases: [w]}}, container_name: ccc}}
networks: {n: {driver: bridge}}`
	before, in := model(t, text), model(t, text)
	if _, _, err := lower.Lower(in, lower.Options{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, in); diff != "" {
		t.Errorf("the model was changed (-before +after)\n%s", diff)
	}
}
