package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

const oneService = "services: {a: {image: x, environment: {FROM: '${FROM:-nowhere}'}}}\n"

// The compose files, the project's name, its profiles and its environment must be
// found where docker compose finds them.
func TestSourcesAreFoundWhereComposeFindsThem(t *testing.T) {
	for name, c := range map[string]struct {
		files   map[string]string // besides what every case has
		options Options
		sources []string // relative to the stack file
		from    string   // the value of FROM
		project string
		notes   int
	}{
		"the default names in order": {
			files:   map[string]string{"compose.yaml": oneService, "docker-compose.yml": "broken: ["},
			sources: []string{"compose.yaml"}, from: "nowhere", project: "app",
		},
		"an override is folded in": {
			files:   map[string]string{"docker-compose.yml": oneService, "docker-compose.override.yml": "services: {a: {environment: {FROM: override}}}\n"},
			sources: []string{"docker-compose.yml", "docker-compose.override.yml"}, from: "override", project: "app", notes: 1,
		},
		"no override beside named files": {
			files:   map[string]string{"docker-compose.yml": oneService, "docker-compose.override.yml": "broken: ["},
			options: Options{Files: []string{"docker-compose.yml"}},
			sources: []string{"docker-compose.yml"}, from: "nowhere", project: "app",
		},
		"a folder above": {
			files:   map[string]string{"docker-compose.yml": oneService, ".env": "FROM=above\n", "deep/er/x": ""},
			options: Options{Dir: "deep/er"},
			sources: []string{"docker-compose.yml"}, from: "above", project: "app",
		},
		"COMPOSE_FILE in .env": {
			files:   map[string]string{".env": "COMPOSE_FILE=b.yml:c.yml\nFROM=dotenv\n", "b.yml": oneService, "c.yml": "name: named\n"},
			sources: []string{"b.yml", "c.yml"}, from: "dotenv", project: "named",
		},
		"COMPOSE_PATH_SEPARATOR": {
			files:   map[string]string{"b.yml": oneService, "c.yml": "name: named\n"},
			options: Options{Environ: []string{"COMPOSE_FILE=b.yml;c.yml", "COMPOSE_PATH_SEPARATOR=;"}},
			sources: []string{"b.yml", "c.yml"}, from: "nowhere", project: "named",
		},
		"-f beats COMPOSE_FILE": {
			files:   map[string]string{"b.yml": oneService},
			options: Options{Files: []string{"b.yml"}, Environ: []string{"COMPOSE_FILE=none.yml"}},
			sources: []string{"b.yml"}, from: "nowhere", project: "app",
		},
		"the shell beats the file": {
			files:   map[string]string{"compose.yaml": oneService, ".env": "FROM=file\n"},
			options: Options{Environ: []string{"FROM=shell"}},
			sources: []string{"compose.yaml"}, from: "shell", project: "app",
		},
		"an empty variable of the shell beats the file": {
			files:   map[string]string{"compose.yaml": strings.ReplaceAll(oneService, ":-", "-"), ".env": "FROM=file\n"},
			options: Options{Environ: []string{"FROM="}},
			sources: []string{"compose.yaml"}, from: "", project: "app",
		},
		"--env-file in place of .env, the later wins": {
			files:   map[string]string{"compose.yaml": oneService, ".env": "FROM=dotenv\n", "one.env": "FROM=one\n", "two.env": "FROM=two\n"},
			options: Options{EnvFiles: []string{"one.env", "two.env"}},
			sources: []string{"compose.yaml"}, from: "two", project: "app",
		},
		"a later --env-file that sets anew what it refers to": {
			files:   map[string]string{"compose.yaml": oneService, "one.env": "PART=one\n", "two.env": "PART=two\nFROM=${PART}\n"},
			options: Options{EnvFiles: []string{"one.env", "two.env"}},
			sources: []string{"compose.yaml"}, from: "two", project: "app",
		},
		"a later --env-file that refers to an earlier one": {
			files:   map[string]string{"compose.yaml": oneService, "one.env": "PART=one\n", "two.env": "FROM=${PART:?}\n"},
			options: Options{EnvFiles: []string{"one.env", "two.env"}},
			sources: []string{"compose.yaml"}, from: "one", project: "app",
		},
		"COMPOSE_ENV_FILES": {
			files:   map[string]string{"compose.yaml": oneService, ".env": "FROM=dotenv\n", "one.env": "FROM=one\n"},
			options: Options{Environ: []string{"COMPOSE_ENV_FILES=one.env"}},
			sources: []string{"compose.yaml"}, from: "one", project: "app",
		},
		"COMPOSE_DISABLE_ENV_FILE": {
			files:   map[string]string{"compose.yaml": oneService, ".env": "FROM=dotenv\n"},
			options: Options{Environ: []string{"COMPOSE_DISABLE_ENV_FILE=1"}},
			sources: []string{"compose.yaml"}, from: "nowhere", project: "app",
		},
		"an env file made with the shell": {
			files:   map[string]string{"compose.yaml": oneService, ".env": "PART=file\nFROM=${PART}-${OTHER:-none}\n"},
			options: Options{Environ: []string{"PART=shell"}},
			sources: []string{"compose.yaml"}, from: "shell-none", project: "app",
		},
		"-p beats all names": {
			files:   map[string]string{"compose.yaml": "name: named\n" + oneService, ".env": "COMPOSE_PROJECT_NAME=dotenv\n"},
			options: Options{Name: "flag"},
			sources: []string{"compose.yaml"}, from: "nowhere", project: "flag",
		},
		"COMPOSE_PROJECT_NAME beats the file's": {
			files:   map[string]string{"compose.yaml": "name: named\n" + oneService, ".env": "COMPOSE_PROJECT_NAME=dotenv\n"},
			sources: []string{"compose.yaml"}, from: "nowhere", project: "dotenv",
		},
		"--project-directory": {
			files:   map[string]string{"sub/compose.yaml": oneService, ".env": "FROM=root\n", "sub/.env": "FROM=sub\n"},
			options: Options{Files: []string{"sub/compose.yaml"}, ProjectDir: "."},
			sources: []string{"compose.yaml"}, from: "root", project: "app",
		},
		"the folder of the file": {
			files:   map[string]string{"sub/compose.yaml": oneService, ".env": "FROM=root\n", "sub/.env": "FROM=sub\n"},
			options: Options{Files: []string{"sub/compose.yaml"}},
			sources: []string{"compose.yaml"}, from: "sub", project: "sub",
		},
		"stdin": {
			files:   map[string]string{".env": "FROM=root\n"},
			options: Options{Files: []string{"-"}, Stdin: strings.NewReader(oneService)},
			sources: []string{"stdin"}, from: "root", project: "app",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "app")
			for path, text := range c.files {
				filetest.Write(t, dir, path, text)
			}
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			c.options.Dir = filepath.Join(dir, c.options.Dir)
			app, err := Load(t.Context(), c.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.sources, app.Sources()); diff != "" {
				t.Errorf("sources (-want +got)\n%s", diff)
			}
			if got := app.Input.Variables[0].Value.Reveal(); got != c.from {
				t.Errorf("FROM is %q, want %q", got, c.from)
			}
			sealed, err := app.Seal(t.Context(), classify.Sealing{})
			if err != nil {
				t.Fatal(err)
			}
			if sealed.Name != c.project || len(app.Notes) != c.notes {
				t.Errorf("project %q with %d notes, want %q with %d", sealed.Name, len(app.Notes), c.project, c.notes)
			}
		})
	}
}

// The profile that is asked for must decide which services are there.
func TestProfilesChooseServices(t *testing.T) {
	dir := t.TempDir()
	filetest.Write(t, dir, "compose.yaml", "services: {a: {image: x, environment: {A: 1}}, b: {image: x, profiles: [p], environment: {B: 1}}, c: {image: x, profiles: [q, r], environment: {C: 1}}, d: {image: x, profiles: ['${NONE:-}'], environment: {D: 1}}}\n")
	for want, o := range map[string]Options{
		"AD":   {},
		"AB":   {Profiles: []string{"p"}},
		"AC":   {Environ: []string{"COMPOSE_PROFILES=r,s"}},
		"ABCD": {Profiles: []string{"*"}},
	} {
		o.Dir = dir
		app, err := Load(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, v := range app.Input.Variables {
			got += v.Name
		}
		if got != want {
			t.Errorf("variables %s, want %s", got, want)
		}
	}
}
