package images

import (
	"strings"
	"testing"
)

// The table of entrypoints must be well formed, and mean images as Docker does.
func TestEntrypointTable(t *testing.T) {
	rows, err := entrypointTable()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for image, want := range map[string]string{
		"redis": "docker-entrypoint.sh", "docker.io/library/redis:7-alpine": "docker-entrypoint.sh", "registry.example/x/redis@sha256:00": "docker-entrypoint.sh",
		"somebody/redis": "", "": "", "getmeili/meilisearch:v1": "tini --",
	} {
		got, ok := EntrypointFor(image)
		if strings.Join(got.Entrypoint, " ") != want || ok != (want != "") {
			t.Errorf("%s: %v %v, want %q", image, got.Entrypoint, ok, want)
		}
	}
}
