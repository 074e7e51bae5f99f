package image

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// What was recorded must be read back as it was, "$" doubled in between.
func TestRecordIsReadBackAsItWas(t *testing.T) {
	want := map[string]images.Config{
		"redis:7": {Entrypoint: []string{"docker-entrypoint.sh"}, Command: []string{"redis-server"}, HasShell: images.Yes},
		"app@sha256:00": {
			Entrypoint: []string{"/bin/sh", "-c", `exec "$0" "$@" $$`}, Shell: []string{"/bin/bash", "-c"}, Healthcheck: []string{"CMD", "yes", "1"},
			Variables: []string{"POSTGRES_PASSWORD"}, HasShell: images.No,
		},
	}
	content, err := yaml.Marshal(map[string]any{RecordKey: Record(want), "services": map[string]any{}})
	if err != nil {
		t.Fatal(err)
	}
	got := Recorded([]byte(strings.ReplaceAll(string(content), "$", "$$")))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A file without records, or that is no YAML, must hold no answers.
func TestFileWithoutRecordsHasNoAnswers(t *testing.T) {
	for _, content := range []string{"", "services: {}\n", "\t: [", "x-images: [a]\n", "x-images: {a: b}\n"} {
		if got := Recorded([]byte(content)); len(got) != 0 {
			t.Errorf("%q: %v", content, got)
		}
	}
	if got := Record(nil); got != nil {
		t.Errorf("recorded %v", got)
	}
}
