package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// odd are applications at the edges of what can be closed.
var odd = map[string]string{
	"lists":                        "services:\n  a:\n    image: i\n    environment: [A=1, B, 'C=${X}', DB_PASSWORD, 'A=2', 'D=${P}']\n    labels: ['a=${X}', b, 'a=2']\n    command: [a, '${X}', '$$y']\n    entrypoint: sh -c '${X}'\n",
	"mappings":                     "services:\n  a:\n    image: i\n    environment: {A: 1, B: , C: '${X}', D: true, E: 1.5, F: 2024-01-02, G: '${P}', DB_PASSWORD: '${P}'}\n    labels: {a: '${X}', b: 2, c: false, d: null}\n",
	"empty":                        "services:\n  a: {image: i, environment: {}, labels: [], command: [], entrypoint: ''}\n  b: {image: i, environment: , labels: , command: , entrypoint: }\n  c:\n",
	"a secret in what is open":     "services:\n  a: {image: i, environment: {DB_PASSWORD: '${P}'}, healthcheck: {test: ['CMD', 'x', '${P}']}}\n  b: {image: i, hostname: '${X}', environment: [DB_PASSWORD]}\n",
	"a bare key and its secret":    "services:\n  a: {image: i, environment: [DB_PASSWORD]}\n  b: {image: i, environment: [DB_PASSWORD, DB_PASSWORD=x]}\n",
	"extends":                      "services:\n  a: {image: i, environment: {A: '${X}', P: '${P}'}}\n  b: {extends: a, environment: {B: '${X}'}}\n  c: {extends: {service: b}, labels: {l: '${X}'}}\n",
	"merges and aliases":           "x-e: &e {A: '${X}', DB_PASSWORD: '${P}'}\nservices:\n  a: {image: i, environment: *e}\n  b: {image: i, environment: {<<: *e, B: 1}}\n  c: &c {image: i, command: ['${X}']}\n  d: {<<: *c, labels: [x]}\n",
	"configs from variables":       "services: {a: {image: i, configs: [c], environment: {A: '${P}'}}}\nconfigs: {c: {environment: DB_PASSWORD}}\n",
	"names that are interpolated":  "name: '${X}'\nservices:\n  a: {image: i, environment: {A: '${COMPOSE_PROJECT_NAME}', B: '${X}'}}\n",
	"lists with interpolated keys": "services: {a: {image: i, environment: ['${X}=1', 'x=2', 'B=${UNSET}', 'C=${UNSET:-d}', 'D=${UNSET:-${P}}']}}\n",
	"two documents":                "services: {a: {image: i, environment: {A: '${X}'}}}\n---\nservices: {a: {environment: {A: '${P}'}}}\n",
	"reset":                        "services: {a: {image: i, environment: {A: !reset null, B: '${X}'}}}\n",
}

// oddPairs are two files that are merged.
var oddPairs = map[string][2]string{
	"two mappings":       {"services: {a: {image: i, environment: {A: '${X}', A-B: 1, B: , P: '${P}'}, labels: {l: '${X}', m: 1}}}\n", "services: {a: {environment: {A: 1.5, C: '${P}', A_B: true}, labels: {m: '${P}'}}}\n"},
	"a list and more":    {"services: {a: {image: i, environment: ['A=${X}', B, 'C=1', 'A=2'], labels: [l]}}\n", "services: {a: {environment: {C: '${P}', B: null, D: }, labels: {l: 2, k: ''}}}\n"},
	"a mapping and less": {"services: {a: {image: i, environment: {B: 1, A: '${P}'}}}\n", "services: {a: {environment: ['${X}=3', 'DB_PASSWORD', 'A=']}}\n"},
	"nothing":            {"services: {a: {image: i, environment: {B: 1}, labels: {a: b}}}\n", "services: {a: {environment: , labels: {}}}\n"},
	"commands":           {"services: {a: {image: i, command: ['${X}'], entrypoint: 'sh ${P}'}, b: {image: i, command: x}}\n", "services: {a: {command: 'x ${P}', entrypoint: []}, b: {command: }}\n"},
	"names with dollars": {"services: {a: {image: i, environment: {'$$A': 1, '${X}': 2}}}\n", "services: {a: {environment: {'$$A': 3, B: '${P}'}}}\n"},
	"only the second":    {"services: {a: {image: i}}\n", "services: {a: {environment: {A: '${P}'}}, b: {image: i, environment: ['A=${X}']}}\n"},
}

// What is loaded once, with closed subtrees, must be what two loads give: the same input to
// be judged, and the same sealed model.
func TestClosedIsTheSame(t *testing.T) {
	cases, err := filepath.Glob("../testdata/migrate/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for name, text := range odd {
		dir := t.TempDir()
		if err = os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) { t.Parallel(); compareClosed(t, dir) })
	}
	for name, pair := range oddPairs {
		dir := t.TempDir()
		filetest.Write(t, dir, "compose.yaml", pair[0])
		filetest.Write(t, dir, "compose.override.yaml", pair[1])
		t.Run(name, func(t *testing.T) { t.Parallel(); compareClosed(t, dir) })
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err = txtar.Write(archive, dir); err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(path), func(t *testing.T) { t.Parallel(); compareClosed(t, dir) })
	}
}

func compareClosed(t *testing.T, dir string) {
	t.Helper()
	wantInput, want := sealedIn(t, Options{Dir: dir, Environ: closedEnvironment(), open: true})
	gotInput, got := sealedIn(t, Options{Dir: dir, Environ: closedEnvironment()})
	if !cmp.Equal(wantInput, gotInput) { // its values are secrets
		t.Error("the input to be judged is another one")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sealed model (-two loads +one):\n%s", diff)
	}
}

func closedEnvironment() []string {
	return []string{"X=x", "P=kR7xT2mB9vQ4", "DB_PASSWORD=Zw81nQ4pLr", "OTHER=x"}
}

// sealedIn returns what Load and Seal make of the application; an error as the model.
func sealedIn(t *testing.T, o Options) (classify.Input, any) {
	t.Helper()
	app, err := Load(t.Context(), o)
	if err != nil {
		return classify.Input{}, err.Error()
	}
	_, sealing := classify.Classify(app.Input, verdict.Policy{})
	sealed, err := app.Seal(t.Context(), sealing)
	if err != nil {
		return app.Input, err.Error()
	}
	return app.Input, map[string]any{"name": sealed.Name, "model": sealed.Model, "warnings": sealed.Warnings}
}

// Of an application whose secrets are only in variables, one load must be enough.
func TestOneLoad(t *testing.T) {
	for text, want := range map[string]bool{
		"services: {a: {image: '${X}', environment: {DB_PASSWORD: '${P}'}, command: ['--password', '${P}']}}\n":                    true,
		"services: {a: {image: i, hostname: '${P}', environment: {DB_PASSWORD: '${P}'}}}\n":                                        false,
		"services: {a: {image: i, environment: [DB_PASSWORD]}}\n":                                                                  true,
		"services: {a: {image: i, environment: {A: !reset null}}}\n":                                                               false,
		"services: {a: {image: i, environment: {A: '${P}'}}}\n--- override\nservices: {a: {environment: {DB_PASSWORD: '${P}'}}}\n": true,
	} {
		dir := t.TempDir()
		first, second, found := strings.Cut(text, "--- override\n")
		filetest.Write(t, dir, "compose.yaml", first)
		if found {
			filetest.Write(t, dir, "compose.override.yaml", second)
		}
		app, err := Load(t.Context(), Options{Dir: dir, Environ: closedEnvironment()})
		if err != nil {
			t.Fatal(err)
		}
		_, sealing := classify.Classify(app.Input, verdict.Policy{})
		s := sealer{app: app, sealing: sealing}
		if _, _, got := s.reopened(s.environment()); got != want {
			t.Errorf("%s: one load is enough: %v, want %v", strings.TrimSpace(text), got, want)
		}
	}
}
