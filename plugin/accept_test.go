package plugin

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	composetypes "github.com/compose-spec/compose-go/v2/types"
	"github.com/docker/cli/cli/compose/loader"
	stacktypes "github.com/docker/cli/cli/compose/types"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// accept compares a stack file with what two other programs make of things: the
// docker CLI must load it, every variable that stayed must have the value that
// docker compose gives it, and every secret must be found again where x-from
// says, with the value that its variables had.
func (c goldenCase) accept(t *testing.T, dir string) {
	t.Helper()
	report := c.report(t, dir)
	stackFile, err := os.ReadFile(filepath.Join(dir, report.Output))
	if err != nil {
		t.Fatal(err)
	}
	project := c.project(t, dir)
	values := resolved(t, dir, c.environ, report)
	environ := maps.Clone(values)
	if slices.Contains(c.args, "--no-interpolate") { // whoever deploys has these set
		maps.Copy(environ, project.Environment)
	}
	stack := loadStack(t, stackFile, environ)
	for _, v := range report.Variables {
		want, ok := project.Services[v.Service].Environment[v.Variable]
		if !ok {
			t.Errorf("%s.%s: docker compose knows no such variable", v.Service, v.Variable)
			continue
		}
		got, stays := stackEnvironment(stack, v.Service)[v.Variable]
		switch {
		case v.Secret != "":
			if stays && v.Delivery != "inline" {
				t.Errorf("%s.%s moved, and stands in the stack file", v.Service, v.Variable)
			}
			if v.State != "unset" && (want == nil || values[v.Secret] != *want) {
				t.Errorf("%s.%s: %s does not lead to the value that docker compose gives it", v.Service, v.Variable, v.Secret)
			}
		case !stays && want == nil: // a bare key that nothing sets: no container has it
		case !stays:
			t.Errorf("%s.%s is lost", v.Service, v.Variable)
		case (got == nil) != (want == nil) || got != nil && *got != *want:
			t.Errorf("%s.%s is not what docker compose makes of it", v.Service, v.Variable)
		}
	}
	if slices.ContainsFunc(report.Secrets, func(s secretReport) bool { return !report.unset(s.Name) }) && len(c.secrets) == 0 && aboutValues[c.name] == "" {
		t.Error("the case has secrets and does not list them; without a list nobody sees whether they leak")
	}
	for name, service := range project.Services {
		for variable := range service.Environment {
			if !slices.ContainsFunc(report.Variables, func(v variableReport) bool { return v.Service == name && v.Variable == variable }) {
				t.Errorf("%s.%s is not in the report", name, variable)
			}
		}
	}
}

// aboutValues are cases in which no other secrets can be planted, with the reason.
var aboutValues = map[string]string{
	"common-value": "a random value is not common",
	"encodings":    "the other forms would be those of another value",
}

// report is what migrate says in JSON about the case in dir.
func (c goldenCase) report(t *testing.T, dir string) migrateReport {
	t.Helper()
	result := execute(t, dir, c.environ, c.command("--format", "json")...)
	var report migrateReport
	if err := json.Unmarshal([]byte(result.stdout), &report); err != nil {
		t.Fatalf("the report is not JSON: %v", err)
	}
	return report
}

// project is the case as docker compose loads it.
func (c goldenCase) project(t *testing.T, dir string) *composetypes.Project {
	t.Helper()
	var files, envFiles, profiles []string
	var name, folder string
	flags := pflag.NewFlagSet("compose", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.StringArrayVarP(&files, "file", "f", nil, "")
	flags.StringArrayVar(&envFiles, "env-file", nil, "")
	flags.StringArrayVar(&profiles, "profile", nil, "")
	flags.StringVarP(&name, "project-name", "p", "", "")
	flags.StringVar(&folder, "project-directory", "", "")
	if err := flags.Parse(c.args); err != nil {
		t.Fatal(err)
	}
	for _, pair := range c.environ {
		if list, ok := strings.CutPrefix(pair, "COMPOSE_ENV_FILES="); ok && envFiles == nil {
			envFiles = strings.Split(list, ",") // docker compose's, not compose-go's
		}
	}
	t.Chdir(dir)
	dotenv.RegisterFormat("raw", rawFormat)
	options, err := cli.NewProjectOptions(files,
		cli.WithWorkingDirectory(folder), cli.WithEnv(c.environ),
		cli.WithEnvFiles(envFiles...), cli.WithDotEnv, cli.WithConfigFileEnv, cli.WithDefaultConfigPath,
		cli.WithEnvFiles(envFiles...), cli.WithDotEnv, cli.WithDefaultProfiles(profiles...), cli.WithName(name),
	)
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatalf("docker compose does not load the case: %v", err)
	}
	return project
}

// unset tells whether the secret has no value here.
func (r migrateReport) unset(secret string) bool {
	return slices.ContainsFunc(r.Variables, func(v variableReport) bool { return v.Secret == secret && v.State == "unset" })
}

// rawFormat is what docker compose registers for env files of format raw.
func rawFormat(r io.Reader, _ string, vars map[string]string, lookup func(key string) (string, bool)) error {
	pairs, err := kvfile.ParseFromReader(r, lookup)
	for _, pair := range pairs {
		key, text, _ := strings.Cut(pair, "=")
		vars[key] = text
	}
	return err
}

// resolved is every secret's value, found where the report says. Places of one
// secret must agree.
func resolved(t *testing.T, dir string, environ []string, report migrateReport) map[string]string {
	t.Helper()
	local := source.Local{Dir: filepath.Dir(filepath.Join(dir, report.Output)), Environ: environ}
	values := map[string]string{}
	find := func(name string, from []string) {
		for _, text := range from {
			ref, err := secret.ParseReference(text)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, text, err)
			}
			result := source.Resolve(t.Context(), local.Systems(), []secret.Reference{ref})[0]
			if errors.Is(result.Err, source.ErrEmbedded) {
				result.Err = nil // the stack file has a template, or deploy says this
			}
			if ref.IsManaged() {
				// Nobody is asked: the value that docker compose gives is this very text.
				result = store.Result{Value: secret.NewValue(ref.String())}
			}
			if result.Err != nil {
				t.Errorf("%s: %v", name, result.Err)
				continue
			}
			if old, ok := values[name]; ok && old != result.Value.Reveal() {
				t.Errorf("%s: its places do not agree: %q", name, from)
			}
			values[name] = result.Value.Reveal()
		}
	}
	for _, one := range report.Secrets {
		if !report.unset(one.Name) {
			find(one.Name, one.From)
		}
	}
	for _, one := range report.Inline {
		find(one.Name, one.From)
	}
	return values
}

// loadStack reads content as docker stack deploy does, with environ for its
// ${NAME}.
func loadStack(t *testing.T, content []byte, environ map[string]string) *stacktypes.Config {
	t.Helper()
	parsed, err := loader.ParseYAML(content)
	if err != nil {
		t.Fatalf("docker stack deploy cannot read the stack file: %v", err)
	}
	config, err := loader.Load(stacktypes.ConfigDetails{
		WorkingDir: "/nowhere", Environment: maps.Clone(environ),
		ConfigFiles: []stacktypes.ConfigFile{{Filename: "stack.yml", Config: parsed}},
	})
	if err != nil {
		t.Fatalf("docker stack deploy refuses the stack file: %v", err)
	}
	return config
}

func stackEnvironment(stack *stacktypes.Config, service string) map[string]*string {
	at := slices.IndexFunc(stack.Services, func(s stacktypes.ServiceConfig) bool { return s.Name == service })
	if at < 0 {
		return nil
	}
	return stack.Services[at].Environment
}
