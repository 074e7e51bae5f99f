package stackfile

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Read must find the name, every external secret with its pin, its sources in
// either form and its users, and what has to be filled in; "$$" is "$".
func TestReadFindsWhatDeployNeeds(t *testing.T) {
	path := filetest.Write(t, t.TempDir(), "stack.yml", `x-stack: shop
services:
  api: {image: x, secrets: [one, {source: two, target: t}], configs: [app]}
  web:
    image: x
    secrets:
      - one
      - one
secrets:
  one:
    external: true
    x-from: dotenv://a$$b.env#ONE
  two:
    external: true
    name: two_v$$2
    x-from:
      - env://TWO
      - compose://docker-compose.yml#services.api.environment.TWO
  old:
    external:
      name: older
  local:
    file: ./x
  not: {external: false}
configs:
  app: {external: true, x-content: "cost: 5$$\n"}
x-inline:
  B: env://B
  A: [env://A, env://A2]
`)
	got, err := Read([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) secret.Reference { return secret.Reference{Scheme: "env", Path: name} }
	text := "cost: 5$\n"
	want := Stack{
		Name: "shop", Files: []string{path}, Services: got.Services, Local: got.Local, // TestReadFindsWhatServicesAskFor
		Objects: []Object{
			{Name: "old", Pin: "older", File: path, Line: 19},
			{Name: "one", From: []secret.Reference{{Scheme: "dotenv", Path: "a$b.env", Fragment: "ONE"}}, Services: []string{"api", "web"}, File: path, Line: 10},
			{
				Name: "two", Pin: "two_v$2", Services: []string{"api"}, Targets: []string{"t"}, File: path, Line: 13,
				From: []secret.Reference{env("TWO"), {Scheme: "compose", Path: "docker-compose.yml", Fragment: "services.api.environment.TWO"}},
			},
			{Config: true, Name: "app", Text: &text, Services: []string{"api"}, File: path, Line: 26},
		},
		Inlined: []Inline{{Name: "A", From: []secret.Reference{env("A"), env("A2")}}, {Name: "B", From: []secret.Reference{env("B")}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Of several stack files the last one that declares a secret must count, and every
// service that refers to it.
func TestReadTakesTheLastDeclaration(t *testing.T) {
	dir := t.TempDir()
	first := filetest.Write(t, dir, "a.yml", "x-stack: a\nservices: {api: {secrets: [one]}}\nsecrets: {one: {external: true, x-from: env://A}}\n")
	second := filetest.Write(t, dir, "b.yml", "services: {web: {secrets: [one]}}\nsecrets: {one: {external: true, name: one_v2, x-from: env://B}}\n")
	got, err := Read([]string{first, second})
	if err != nil {
		t.Fatal(err)
	}
	want := []Object{{Name: "one", Pin: "one_v2", From: []secret.Reference{{Scheme: "env", Path: "B"}}, Services: []string{"api", "web"}, File: second, Line: 2}}
	if diff := cmp.Diff(want, got.Objects); diff != "" || got.Name != "a" {
		t.Errorf("name %q (-want +got)\n%s", got.Name, diff)
	}
}

// Every fault of every file must be reported at once, by file and line, and no
// x-from quoted: somebody may have put the value there.
func TestReadReportsFaultsTogetherAndQuotesNothing(t *testing.T) {
	dir := t.TempDir()
	bad := filetest.Write(t, dir, "bad.yml", "secrets:\n  one:\n    external: true\n    x-from: hunter2x\n  two: {external: true, x-from: [hunter2y, env://B]}\n")
	broken := filetest.Write(t, dir, "broken.yml", "a: [hunter2z\n")
	_, err := Read([]string{bad, broken, filepath.Join(dir, "none.yml")})
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{bad + ":4: x-from", bad + ":5: x-from", broken + ":", "none.yml does not exist", "docker secrets migrate"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Error("the error quotes the file")
	}
}
