package plugin

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	stacktypes "github.com/docker/cli/cli/compose/types"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/internal/composetest"
	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/internal/shelltest"
	"github.com/docker-secrets/docker-secrets/transform"
)

// shows are commands that print VALUE, and a healthcheck that does.
const shows = `    entrypoint: [sh, -c, 'printf %s "$$VALUE"']
    healthcheck: {test: [CMD-SHELL, 'printf "%s" "$$VALUE"']}
`

// deliveredAs are the services that get one value, and how they read it.
var deliveredAs = map[string]string{"env": "x", "file": "x", "native": "postgres:16"}

// oddCase is an application with services for each of texts that Compose takes. give
// writes what gives one of them VALUE, and returns it as YAML.
func oddCase(t *testing.T, texts []string, give func(files map[string]string, number int, variable, text string) string) goldenCase {
	t.Helper()
	c := goldenCase{name: "odd", secrets: []string{"listed"}, files: map[string]string{".env": "PART=p$$1 é\nNUMBER=0123\n"}, args: []string{"--secret", "VALUE", "--secret", "POSTGRES_PASSWORD"}}
	var all strings.Builder
	all.WriteString("services:\n")
	for i, text := range texts {
		if !composeTakes(t, give, text) {
			continue
		}
		for _, delivery := range slices.Sorted(maps.Keys(deliveredAs)) {
			image := deliveredAs[delivery]
			variable := "VALUE"
			if delivery == "native" {
				variable = "POSTGRES_PASSWORD"
			}
			service := fmt.Sprintf("%s%d", delivery, i)
			fmt.Fprintf(&all, "  %s:\n    image: %s\n", service, image)
			if delivery != "native" {
				all.WriteString(shows)
				c.args = append(c.args, "--deliver", service+"="+delivery)
			}
			all.WriteString(give(c.files, i, variable, text))
		}
	}
	c.files["docker-compose.yml"] = all.String()
	return c
}

// composeTakes tells whether Compose loads text, and gives it a value.
func composeTakes(t *testing.T, give func(map[string]string, int, string, string) string, text string) bool {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{".env": "PART=p$$1 é\nNUMBER=0123\n"}
	files["docker-compose.yml"] = "services:\n  api:\n    image: x\n" + give(files, 0, "VALUE", text)
	for name, content := range files {
		filetest.Write(t, dir, name, content)
	}
	app, err := compose.Load(t.Context(), compose.Options{Dir: dir})
	if err != nil {
		return false
	}
	for _, v := range app.Input.Variables {
		if v.Name == "VALUE" && v.Set {
			return true
		}
	}
	return false
}

// Every odd scalar of a compose file must be the bytes of docker compose in each
// process, by each delivery and in each shell.
func TestOddScalarsReachTheProcess(t *testing.T) {
	reachTheProcess(t, oddCase(t, composetest.Scalars, func(_ map[string]string, _ int, variable, text string) string {
		return "    environment:\n      FIRST: x\n      " + variable + ": " + text + "\n"
	}))
}

// So must every odd line of an env file, alone and as a part of another value.
func TestOddEnvLinesReachTheProcess(t *testing.T) {
	reachTheProcess(t, oddCase(t, composetest.EnvLines, func(files map[string]string, number int, variable, text string) string {
		name := fmt.Sprintf("%s%d.env", strings.ToLower(variable), number)
		files["before.env"] = "PART=before\nEARLIER=e\n"
		files[name] = strings.NewReplacer("A=", variable+"=", "A:", variable+":", "${A}", "${"+variable+"}").Replace(text) + "\nMADE_TOKEN=<${" + variable + "}>\n"
		return "    env_file: [before.env, " + name + "]\n"
	}))
}

// reachTheProcess migrates c, compares the stack file with docker compose, and runs what
// its services run.
func reachTheProcess(t *testing.T, c goldenCase) {
	t.Helper()
	dir := c.unpack(t)
	if got, result := c.migrate(t, dir); result.exit != 0 {
		t.Fatal(got["stderr"])
	}
	c.accept(t, dir)
	content, err := os.ReadFile(filepath.Join(dir, "docker-compose.prod.yml"))
	if err != nil {
		t.Fatal(err)
	}
	report, project := c.report(t, dir), c.project(t, dir)
	values := resolved(t, dir, nil, report)
	services := map[string]stacktypes.ServiceConfig{}
	for _, service := range loadStack(t, content, nil).Services {
		services[service.Name] = service
	}
	tasks, run := newTasks(t, report, values), 0
	for _, v := range report.Variables {
		if v.Variable != "VALUE" || v.Secret == "" {
			continue
		}
		task, service := tasks[v.Service], services[v.Service]
		for name, words := range map[string][]string{"command": service.Entrypoint, "healthcheck": service.HealthCheck.Test} {
			task.gives(t, v.Service+": "+name, words, service.Environment, *project.Services[v.Service].Environment["VALUE"])
			run++
		}
	}
	if run < 300 {
		t.Errorf("only %d commands ran", run)
	}
}

// task has the files of a container.
type task struct{ replace *strings.Replacer }

// newTasks are those of all services of report, by service.
func newTasks(t *testing.T, report migrateReport, values map[string]string) map[string]task {
	t.Helper()
	dir := t.TempDir()
	shim, _ := transform.ShimText(transform.ShimVersion)
	tasks := map[string]task{}
	for _, v := range report.Variables {
		files := filepath.Join(dir, v.Service)
		script := filetest.Write(t, dir, v.Service+".sh", strings.ReplaceAll(shim, "/run/secrets", files))
		tasks[v.Service] = task{strings.NewReplacer("/run/secrets", files, transform.ShimPath, script)}
		if v.Secret != "" {
			filetest.Write(t, files, v.Target, values[v.Secret])
		}
	}
	return tasks
}

// gives fails the test unless words print want in every shell.
func (k task) gives(t *testing.T, name string, words []string, environment stacktypes.MappingWithEquals, want string) {
	t.Helper()
	switch words[0] {
	case "CMD-SHELL":
		words = append([]string{"sh", "-c"}, words[1:]...)
	case "CMD":
		words = words[1:]
	}
	for shell, program := range shelltest.Shells(t) {
		if shell == "posix" {
			continue // bash once more
		}
		args := append([]string{}, program[1:]...)
		for _, word := range words[1:] {
			args = append(args, k.replace.Replace(word))
		}
		cmd := exec.CommandContext(t.Context(), program[0], args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		for variable, text := range environment {
			if text != nil {
				cmd.Env = append(cmd.Env, variable+"="+k.replace.Replace(*text))
			}
		}
		if got, err := cmd.Output(); err != nil || string(got) != want {
			t.Errorf("%s in %s: %q, want %q: %v", name, shell, got, want, err)
		}
	}
}
