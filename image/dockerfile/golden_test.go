package dockerfile_test

import (
	stdcmp "cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/image/dockerfile"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

var update = flag.Bool("update", false, "rewrite the wanted files in testdata")

// Every Dockerfile must be read as its golden case says. A case has the Dockerfile,
// the build block ("target NAME", "arg NAME[=VALUE]", "context NAME=VALUE") and the
// Dockerfile of the base image, where that is known.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
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
	got := said(files["Dockerfile"], buildOf(files["build"]), configOf(t, files["base"]))
	if *update {
		archive.Files = slicesWithout(archive.Files, "want")
		archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(files["want"], got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func slicesWithout(files []txtar.File, name string) (rest []txtar.File) {
	for _, f := range files {
		if f.Name != name {
			rest = append(rest, f)
		}
	}
	return rest
}

// buildOf reads the build file of a case.
func buildOf(text string) dockerfile.Build {
	build := dockerfile.Build{Name: "Dockerfile", Args: map[string]*string{}, Contexts: map[string]string{}}
	for line := range strings.Lines(text) {
		key, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		name, value, given := strings.Cut(rest, "=")
		switch key {
		case "target":
			build.Target = rest
		case "context":
			build.Contexts[name] = value
		case "arg":
			if build.Args[name] = nil; given {
				build.Args[name] = &value
			}
		}
	}
	return build
}

// configOf is what the image of a Dockerfile says, nil for none.
func configOf(t *testing.T, content string) *images.Config {
	t.Helper()
	if content == "" {
		return nil
	}
	base, err := dockerfile.Read([]byte(content), dockerfile.Build{Name: "base"})
	if err != nil {
		t.Fatal(err)
	}
	config, _ := base.On(&images.Config{HasShell: images.Yes})
	return &config
}

// said is all that is known, one line each.
func said(content string, build dockerfile.Build, base *images.Config) string {
	image, err := dockerfile.Read([]byte(content), build)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	line := func(name string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(values, " | "))
		}
	}
	line("base", image.Base)
	if image.Scratch {
		line("base", "(scratch)")
	}
	if len(image.Images) > 1 {
		line("images", image.Images...)
	}
	line("user", image.User)
	var copied []string
	for _, pattern := range image.Copied {
		copied = append(copied, stdcmp.Or(pattern, "everything"))
	}
	line("copied", copied...)
	line("variables", image.Variables...)
	config, known := image.On(base)
	line("starts", map[bool]string{true: "known", false: "not known"}[known])
	line("entrypoint", config.Entrypoint...)
	line("command", config.Command...)
	line("shell", config.Shell...)
	line("healthcheck", config.Healthcheck...)
	line("file variables", config.Variables...)
	line("onbuild", config.OnBuild...)
	line("has shell", string(config.HasShell))
	for _, unknown := range image.Unknown {
		line("unknown", unknown)
	}
	return b.String()
}
