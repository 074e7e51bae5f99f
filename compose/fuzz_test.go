package compose_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/cli/cli/compose/loader"
	stacktypes "github.com/docker/cli/cli/compose/types"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// canary is the value of a secret that every fuzzed application has in its .env.
const canary = "kR7xT2mB9vQ4wZ6n"

// seeds put a secret where it is an odd guest.
var seeds = []string{
	"services: {a: {image: 'x:${API_KEY}', env_file: app.env, ports: ['${API_KEY}:80'], labels: {k: '${API_KEY}'}}}",
	"services: {a: {image: x, env_file: [app.env], command: run --key ${API_KEY}, environment: [API_KEY, 'U=p://u:${API_KEY}@h', 'DB_PASSWORD']}}",
	"services: {a: {image: x, configs: [c], secrets: [s], environment: &e {K: \"${API_KEY}\"}}, b: {image: y, environment: {<<: *e}}}\nconfigs: {c: {content: 'a ${API_KEY}'}}\nsecrets: {s: {environment: API_KEY}}",
	"name: n\nservices:\n  a:\n    extends: b # ${API_KEY}\n  b: {image: x, healthcheck: {test: 'curl $$API_KEY ${API_KEY}'}, hostname: '${API_KEY}'}\n",
	"x-a: &a\n  environment: {A: '${DB_PASSWORD-x}'}\nservices: {a: {<<: *a, image: x, volumes: ['${API_KEY}:/x', './a:/b'], networks: {n: {aliases: ['${API_KEY}']}}}}\nnetworks: {n: {name: '${API_KEY}'}}",
	"services: {a: {image: x, environment: {A: '${DB_PASSWORD:+y}', B: '${NO:-${API_KEY}}', C: '$$${API_KEY}'}, deploy: {labels: ['a=${API_KEY}'], resources: {limits: {cpus: '${API_KEY}'}}}}}",
	"---\nservices: {a: {image: x}}\n---\nservices: {a: {environment: !override {A: '${API_KEY}'}, ports: !reset []}}",
}

// Whatever a compose file and an env file say, migrating must not panic, must not
// show the value of a secret, and must give a file that docker stack deploy reads,
// or an error.
func FuzzMigrate(f *testing.F) {
	cases, err := filepath.Glob("../testdata/migrate/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		files := map[string]string{}
		for _, file := range archive.Files {
			files[file.Name] = string(file.Data)
		}
		f.Add(files["docker-compose.yml"], files[".env"]+files["app.env"])
	}
	for _, seed := range seeds {
		f.Add(seed, "A=1\nB='x$y'\nC=\"${API_KEY}\"\nD=${DB_PASSWORD:-z}\n")
	}
	f.Fuzz(func(t *testing.T, composeText, envText string) {
		if !harmless(composeText) {
			t.Skip("it names files beyond its folder")
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, "docker-compose.yml"), composeText)
		write(t, filepath.Join(dir, "app.env"), envText+"\nDB_PASSWORD="+canary+"\n")
		write(t, filepath.Join(dir, ".env"), "API_KEY="+canary+"\nDB_PASSWORD="+canary+"\n")
		content, said := migrate(t, dir)
		if strings.Contains(said, canary) {
			t.Fatal("a message shows a secret")
		}
		if content == nil {
			return
		}
		if strings.Contains(string(content), canary) && !strings.Contains(composeText+envText, canary) {
			t.Fatal("the stack file shows a secret")
		}
		if err := deployable(content); err != nil {
			t.Fatalf("docker stack deploy refuses the stack file: %v\n%s", err, content)
		}
	})
}

// harmless keeps the fuzzer in its own folder and off the network.
func harmless(text string) bool {
	for _, part := range []string{"..", "://", "git@", "\n/", " /", "\"/", "'/", "=/", ":/", "~", ".git"} {
		if strings.Contains(text, part) && (strings.Contains(text, "include") || strings.Contains(text, "extends") || strings.Contains(text, "file")) {
			return false
		}
	}
	return true
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// migrate goes the whole way; content is nil where it ends in an error. said is
// every error and warning.
func migrate(t *testing.T, dir string) (content []byte, said string) {
	t.Helper()
	ctx := context.Background()
	policy := verdict.Policy{Secret: []string{"API_KEY", "DB_PASSWORD"}}
	app, err := compose.Load(ctx, compose.Options{Dir: dir, Files: []string{"docker-compose.yml"}})
	if err != nil {
		return nil, err.Error()
	}
	decisions, sealing := classify.Classify(app.Input, policy)
	sealed, err := app.Seal(ctx, sealing)
	if err != nil {
		return nil, err.Error()
	}
	rewritten, err := transform.Rewrite(sealed.Model, decisions, transform.Options{})
	if err != nil {
		return nil, err.Error()
	}
	stack, warnings, err := sealed.Lower(rewritten.Model)
	if err != nil {
		return nil, err.Error()
	}
	for _, w := range append(rewritten.Warnings, warnings...) {
		said += w.Path + " " + w.Message + "\n"
	}
	file := stackfile.File{
		Stack: stack, Inlined: rewritten.Inlined, Renamed: rewritten.Renamed, Sources: app.Sources(), Layout: sealed.Layout,
	}
	content, err = file.Render()
	if err != nil {
		return nil, err.Error()
	}
	return content, said
}

// deployable is docker stack deploy's verdict before it asks the Engine.
func deployable(content []byte) error {
	config, err := loader.ParseYAML(content)
	if err != nil {
		return err
	}
	_, err = loader.Load(stacktypes.ConfigDetails{
		WorkingDir: "/nowhere", Environment: map[string]string{"HOME": "/root"},
		ConfigFiles: []stacktypes.ConfigFile{{Filename: "stack.yml", Config: config}},
	})
	return err
}
