package built_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/image/built"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// folder makes a build context with these files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What a Dockerfile starts must be known where the base image is, or where the file says
// all of it, and else the reason be said.
func TestConfig(t *testing.T) {
	base := images.Config{Entrypoint: []string{"/entry"}, Command: []string{"serve"}, HasShell: images.Yes, OnBuild: []string{"CMD [\"built\"]"}}
	for _, c := range []struct {
		intent, dockerfile string
		known              bool
		want, why          string
	}{
		{"the base is known", "FROM acme/base\nCMD [\"run\"]", true, "/entry run", ""},
		{"ONBUILD of the base", "FROM acme/base", true, "/entry built", ""},
		{"the base is not known", "FROM acme/base\nCMD [\"run\"]", false, "", "Dockerfile is FROM acme/base, which is unknown"},
		{"an entrypoint makes it void", "FROM acme/base\nENTRYPOINT [\"/app\"]", false, "/app", ""},
		{"the table has the base", "FROM python:3.12\nCMD [\"app.py\"]", false, "app.py", ""},
		{"the command of the base differs between tags", "FROM php:8.3-unheard-of\nRUN x", false, "docker-php-entrypoint php -a", ""},
		{"an argument without a value", "ARG V\nFROM acme/base:$V", false, "", "ctx/Dockerfile:2: FROM acme/base:$V: V has no value; write it at build.args"},
		{"no Dockerfile", "", false, "", "ctx/Dockerfile is not there"},
	} {
		files := map[string]string{}
		if c.dockerfile != "" {
			files["Dockerfile"] = c.dockerfile
		}
		var reader built.Reader
		image := reader.Read(built.Source{Context: folder(t, files), Shown: "ctx"}, false)
		config, why := image.Config(base, c.known)
		got := strings.Join(append(config.Entrypoint, config.Command...), " ")
		if got != c.want || why != c.why && why != "ctx/"+c.why {
			t.Errorf("%s: %q %q", c.intent, got, why)
		}
	}
}

// The base's own way to read files must hold only while its entrypoint runs.
func TestNativeBase(t *testing.T) {
	for dockerfile, want := range map[string]string{
		"FROM postgres:16": "postgres:16",
		"FROM postgres:16\nCMD [\"postgres\", \"-c\", \"x=1\"]":             "postgres:16",
		"FROM postgres:16\nENTRYPOINT [\"/x\", \"docker-entrypoint.sh\"]":   "postgres:16",
		"FROM postgres:16\nENTRYPOINT exec docker-entrypoint.sh postgres":   "postgres:16",
		"FROM postgres:16\nENTRYPOINT [\"/backup.sh\"]":                     "",
		"FROM acme/unheard-of\nENTRYPOINT [\"docker-entrypoint.sh\"]":       "",
		"FROM postgres:16 AS db\nFROM scratch\nCOPY --from=db /x /x":        "",
		"FROM golang AS build\nFROM mysql:8\nCOPY --from=build /app /app\n": "mysql:8",
	} {
		var reader built.Reader
		if got := reader.Read(built.Source{Inline: dockerfile}, false).NativeBase(); got != want {
			t.Errorf("%s: %q, want %q", dockerfile, got, want)
		}
	}
}

// A place must count only in what the Dockerfile copies, and be shown as people find it.
func TestMention(t *testing.T) {
	dir := folder(t, map[string]string{
		"a/Dockerfile": "FROM node\nCOPY a /a", "b/Dockerfile": "FROM node\nCOPY b /b", "broken": "FROM",
		"a/x.js": "\n/run/secrets/x", "b/y.js": "1",
	})
	var reader built.Reader
	got := map[string]string{}
	for _, name := range []string{"a/Dockerfile", "b/Dockerfile", "broken", filepath.Join(dir, "a/Dockerfile")} {
		image := reader.Read(built.Source{Context: dir, Shown: "src", Dockerfile: name}, true)
		got[strings.TrimPrefix(name, dir)] = image.Mention() + image.Fault
	}
	want := map[string]string{
		"a/Dockerfile": "src/a/x.js:2 mentions /run/secrets", "b/Dockerfile": "", "broken": "src/broken:1: the instruction is not complete",
		"/a/Dockerfile": "src/a/x.js:2 mentions /run/secrets",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The language must be that of the image, or of the one that a program was compiled in.
func TestLanguage(t *testing.T) {
	for dockerfile, want := range map[string]string{
		"FROM python:3.12": "Python",
		"FROM golang:1.24 AS build\nFROM alpine\nCOPY --from=build /x /x": "Go",
		"FROM alpine":      "Shell",
		"FROM acme/python": "",
		"FROM scratch":     "",
		"FROM node AS web\nFROM eclipse-temurin:21-jre\nCOPY --from=web /a /a": "Java",
	} {
		var reader built.Reader
		if got := reader.Read(built.Source{Inline: dockerfile}, false).Language(); got != want {
			t.Errorf("%s: %q, want %q", dockerfile, got, want)
		}
	}
}

// A Python application must be known by what it requires.
func TestFramework(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"Django":  {"requirements/base.txt": "psycopg\nDjango==5.2\n"},
		"FastAPI": {"pyproject.toml": "dependencies = [\n  \"fastapi[standard]>=0.1\",\n]\n"},
		"":        {"requirements.txt": "django-nothing-of-it-is-a-comment\n# fastapi\nflask\n"},
	} {
		if got := built.Framework(folder(t, files)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
