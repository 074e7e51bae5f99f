package compose

import (
	"errors"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

const placed = `x-e: &e
  BASE: from-$A
services:
  api:
    environment:
      PLAIN: text
      VAR: ${A:-none}
      DOLLAR: a$$b
      BARE:
      NUMBER: 42
      DOTTED.KEY: dots
      EMPTY: ""
      <<: *e
  my.worker:
    environment:
      - LISTED=a=b
      - BARE
      - VAR=${B:-fallback}
  web:
    environment: &shared {SHARED: s}
  twin: {environment: *shared}
---
services:
  api:
    environment: {PLAIN: later}
`

// ReadPlace reads a place of a file that nothing was read of before.
func ReadPlace(file, path string, env *Environment) (secret.Value, error) {
	return NewDocuments().ReadPlace(file, path, env)
}

// ReadPlace must evaluate what stands at a path as Compose does: both forms, bare
// keys, defaults, anchors and merge keys, dots in keys; the later document wins.
func TestPlaceIsEvaluatedAsComposeDoes(t *testing.T) {
	path := filetest.Write(t, t.TempDir(), "c.yml", placed)
	env, err := NewEnvironment([]string{"A=aye", "BARE=bare"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for place, want := range map[string]string{
		"services.api.environment.PLAIN":        "later",
		"services.api.environment.VAR":          "aye",
		"services.api.environment.DOLLAR":       "a$b",
		"services.api.environment.BARE":         "bare",
		"services.api.environment.NUMBER":       "42",
		"services.api.environment.DOTTED.KEY":   "dots",
		"services.api.environment.EMPTY":        "",
		"services.api.environment.BASE":         "from-aye",
		"services.my.worker.environment.LISTED": "a=b",
		"services.my.worker.environment.BARE":   "bare",
		"services.my.worker.environment.VAR":    "fallback",
		"services.twin.environment.SHARED":      "s",
	} {
		got, err := ReadPlace(path, place, env)
		if err != nil {
			t.Errorf("%s: %v", place, err)
		} else if got.Reveal() != want {
			t.Errorf("%s is not %q", place, want)
		}
	}
}

// A place that is not there must be ErrNoSuchPlace with file and path, and no
// error may quote the file.
func TestMissingPlaceIsToldAndNotQuoted(t *testing.T) {
	dir := t.TempDir()
	path := filetest.Write(t, dir, "c.yml", placed+"    command: hunter2 ${1x\n    x: ${NEED:?hunter2}\n")
	env, err := NewEnvironment(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{"services.api.environment.NONE", "services.none.environment.A", "services.api.environment", "", "services.my.worker.environment.BARE"} {
		if _, err := ReadPlace(path, place, env); !errors.Is(err, ErrNoSuchPlace) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", place, err)
		}
	}
	for _, place := range []string{"services.api.command", "services.api.x"} {
		_, err := ReadPlace(path, place, env)
		if err == nil || errors.Is(err, ErrNoSuchPlace) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", place, err)
		}
	}
	broken := filetest.Write(t, dir, "broken.yml", "a: \"hunter2\n")
	if _, err := ReadPlace(broken, "a", env); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("broken YAML: %v", err)
	}
}
