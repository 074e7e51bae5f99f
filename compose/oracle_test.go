package compose

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/composetest"
	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// composeGives is what `docker compose` itself gives the service api in dir, with the
// same library and the same options; nil when it refuses the application.
func composeGives(t *testing.T, dir string, envFiles ...string) map[string]string {
	t.Helper()
	muteLog()
	for i, file := range envFiles {
		envFiles[i] = filepath.Join(dir, file)
	}
	options, err := cli.NewProjectOptions([]string{filepath.Join(dir, "compose.yaml")}, cli.WithWorkingDirectory(dir),
		cli.WithEnvFiles(envFiles...), cli.WithDotEnv, cli.WithDefaultProfiles())
	if err != nil { // an env file that cannot be read
		return nil
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		return nil
	}
	if project, err = project.WithServicesEnvironmentResolved(true); err != nil {
		return nil
	}
	given := map[string]string{}
	for name, value := range project.Services["api"].Environment {
		if value != nil {
			given[name] = *value
		}
	}
	return given
}

// weGive is what Load says that Compose gives the service api; nil when it refuses.
func weGive(t *testing.T, dir string, envFiles ...string) map[string]string {
	t.Helper()
	app, err := Load(t.Context(), Options{Dir: dir, EnvFiles: envFiles})
	if err != nil {
		return nil
	}
	given := map[string]string{}
	for _, v := range app.Input.Variables {
		if v.Set && v.Service == "api" {
			given[v.Name] = v.Value.Reveal()
		}
	}
	return given
}

// Load must say of every scalar what Compose makes of it.
func TestLoadReadsScalarsAsCompose(t *testing.T) {
	for _, scalar := range composetest.Scalars {
		dir := t.TempDir()
		filetest.Write(t, dir, "compose.yaml", "services:\n  api:\n    image: x\n    environment:\n      FIRST: x\n      VALUE: "+scalar+"\n")
		filetest.Write(t, dir, ".env", "PART=p$$1 é\nNUMBER=0123\n")
		if diff := cmp.Diff(composeGives(t, dir), weGive(t, dir)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", strings.TrimSpace(scalar), diff)
		}
	}
}

// Load must say of every line of an env file what Compose makes of it, as env_file of
// a service and as the project's own.
func TestLoadReadsEnvFilesAsCompose(t *testing.T) {
	for _, line := range composetest.EnvLines {
		for _, ending := range []string{"", "\r\n"} {
			dir := t.TempDir()
			filetest.Write(t, dir, "compose.yaml", "services:\n  api:\n    image: x\n    env_file: [before.env, app.env]\n    environment:\n      OWN: ${A-none}\n      PART: ${PART}\n")
			filetest.Write(t, dir, "before.env", "PART=before\nEARLIER=e\n")
			filetest.Write(t, dir, "app.env", line+ending)
			filetest.Write(t, dir, ".env", "PART=part 1\n")
			filetest.Write(t, dir, "project.env", line+ending)
			for _, files := range [][]string{nil, {".env", "project.env"}} {
				want := composeGives(t, dir, slices.Clone(files)...)
				if _, nameless := want[""]; nameless {
					want = nil // Compose starts it with a variable that has no name; Load refuses
				}
				if diff := cmp.Diff(want, weGive(t, dir, files...)); diff != "" {
					t.Errorf("%q with %v (-want +got)\n%s", line+ending, files, diff)
				}
			}
		}
	}
}
