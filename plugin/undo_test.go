package plugin

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/undo"
	"github.com/docker-secrets/docker-secrets/secret"
)

// undoDiffers are variables that do not come back as they were, and why.
var undoDiffers = map[string]string{
	"empty-secret api.ADMIN_TOKEN":         "it was not set here: the stack file does not tell NAME: from NAME: ${NAME}",
	"env-files-later-wins api.DB_PASSWORD": "two env files have it: the stack file does not tell in which order they were given",
	"literal my.worker.API_KEY":            "the Swarm takes no service of that name",
	"literal my-worker.API_KEY":            "the Swarm's name for that service",
	"second-migrate api.API_KEY":           "a person gave it another source in the stack file",
}

// Undo of what migrate made must give every variable of every service what the
// application gave it, with the application's own env files.
func TestUndoGivesTheSameVariables(t *testing.T) {
	met := map[string]bool{}
	for _, c := range goldenCases(t) {
		if len(c.want["exit"]) > 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			dir := c.unpack(t)
			got, _ := c.migrate(t, dir)
			stack := stackFileIn(got)
			if stack == "" {
				t.Skip("no stack file")
			}
			before := variablesOf(t, c.application(t, dir, stack))
			after := variablesOf(t, c.undone(t, filepath.Join(dir, stack)))
			for name := range namesIn(before, after) {
				if before[name] != nil && after[name] != nil && before[name].Equal(*after[name]) {
					continue
				}
				met[c.name+" "+name] = true
				if undoDiffers[c.name+" "+name] == "" {
					t.Errorf("%s: was set %t, is set %t, and not the same", name, before[name] != nil, after[name] != nil)
				}
			}
		})
	}
	for name := range undoDiffers {
		if !met[name] {
			t.Errorf("%s comes back: take it out of undoDiffers", name)
		}
	}
}

// stackFileIn is the path of the stack file in what migrate wrote, "" for none.
func stackFileIn(got map[string]string) string {
	for name, text := range got {
		if strings.HasPrefix(text, "# Made by docker secrets from ") && name != "report.json" && name != "stderr" {
			return name
		}
	}
	return ""
}

// application loads what the case's flags name.
func (c goldenCase) application(t *testing.T, dir, stack string) *compose.Application {
	t.Helper()
	options := compose.Options{Dir: dir, Environ: c.environ, Output: stack}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.StringArrayVarP(&options.Files, "file", "f", nil, "")
	flags.StringArrayVar(&options.EnvFiles, "env-file", nil, "")
	flags.StringArrayVar(&options.Profiles, "profile", nil, "")
	flags.StringVarP(&options.Name, "project-name", "p", "", "")
	flags.StringVar(&options.ProjectDir, "project-directory", "", "")
	if err := flags.Parse(c.args); err != nil {
		t.Fatal(err)
	}
	return load(t, options)
}

// undone loads what undo makes of the stack file at path. What no file of the
// application has under its new name is in the environment.
func (c goldenCase) undone(t *testing.T, path string) *compose.Application {
	t.Helper()
	folder := filepath.Dir(path)
	result := execute(t, folder, c.environ, "migrate", "--undo", "-f", filepath.Base(path), "-o", "undone.yml", "--format", "json")
	if result.exit != 0 {
		t.Fatalf("exit %d: %s", result.exit, result.stderr)
	}
	var report undoReport
	if err := json.Unmarshal([]byte(result.stdout), &report); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "undone.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range c.secrets {
		if value != "" && strings.Contains(string(text)+result.stdout, value) && !strings.Contains(c.want[filepath.Base(path)], value) {
			t.Error("a secret's value is in the compose file or the report")
		}
	}
	options := compose.Options{Dir: folder, Environ: c.environ, Files: []string{"undone.yml"}}
	for _, file := range undo.EnvFiles(report.Needs) {
		if _, err := os.Stat(filepath.Join(folder, file)); err == nil {
			options.EnvFiles = append(options.EnvFiles, file)
		}
	}
	sources := localSources(t.Context(), folder, c.environ)
	for _, need := range report.Needs {
		if need.Files != nil || need.From == "" {
			continue
		}
		ref, err := secret.ParseReference(need.From)
		if err != nil {
			t.Fatal(err)
		}
		if values, faults := sources([]secret.Reference{ref}); faults[0] == nil {
			options.Environ = append(slices.Clip(options.Environ), need.Name+"="+values[0].Reveal())
		}
	}
	if os.Getenv("UNDO_SHOW") != "" {
		t.Logf("%s\n%s", text, result.stdout)
	}
	return load(t, options)
}

func load(t *testing.T, options compose.Options) *compose.Application {
	t.Helper()
	app, err := compose.Load(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// variablesOf are the variables that are set, by service and name.
func variablesOf(t *testing.T, app *compose.Application) map[string]*secret.Value {
	t.Helper()
	all := map[string]*secret.Value{}
	for _, v := range app.Input.Variables {
		if v.Set {
			all[v.Service+"."+v.Name] = &v.Value
		}
	}
	return all
}

func namesIn(a, b map[string]*secret.Value) map[string]bool {
	all := map[string]bool{}
	for _, m := range []map[string]*secret.Value{a, b} {
		for name := range m {
			all[name] = true
		}
	}
	return all
}
