package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// Of services that a check cannot tell from each other the first must stay, and all that
// others refer to.
func TestDistinct(t *testing.T) {
	ports := func(target any) []any {
		return []any{map[string]any{"target": target, "published": "80", "protocol": "tcp", "mode": "ingress"}}
	}
	services := map[string]any{
		"a":      map[string]any{"image": "a:1", "environment": map[string]any{"A": "1"}, "ports": ports(uint32(80))},
		"b":      map[string]any{"image": "b:2", "labels": map[string]any{"b": "2"}, "ports": ports(uint32(81)), "command": []any{"b"}},
		"used":   map[string]any{"image": "c:3", "entrypoint": []any{"c"}},
		"shared": map[string]any{"image": "d:4"},
		"other":  map[string]any{"image": "a:1", "network_mode": "service:shared", "depends_on": map[string]any{"used": map[string]any{}}},
		"words":  map[string]any{"image": "a:1", "command": "sh -c 'x"},
		"empty":  map[string]any{"image": ""},
		"wrong":  map[string]any{"image": "a:1", "ports": ports(80)},
		"opaque": map[string]any{"image": "a:1", "x": &struct{}{}},
	}
	model := map[string]any{"services": services, "jobs": map[string]any{"j": map[string]any{}}}
	want := []string{"a", "empty", "opaque", "other", "shared", "used", "words", "wrong"}
	got := slices.Sorted(maps.Keys(mapping(distinct(model)["services"])))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(mapping(model["services"])) != len(services) {
		t.Error("model was changed")
	}
}

// A fault in one of many services that look alike must be found, whichever it is.
func TestDistinctFaults(t *testing.T) {
	for what, fault := range map[string]string{
		"no image":         "  z: {environment: {A: b}}",
		"undefined volume": "  z: {image: i, volumes: ['data:/x']}",
		"undefined":        "  z: {image: i, depends_on: [nobody]}",
		"a cycle":          "  y: {image: i, depends_on: [z]}\n  z: {image: i, depends_on: [y]}",
		"a cycle of links": "  y: {image: i, links: [z]}\n  z: {image: i, links: [y]}",
		"a duration":       "  z: {image: i, stop_grace_period: never}",
		"shell words":      "  z: {image: i, command: \"sh -c 'x\"}",
		"network mode":     "  z: {image: i, network_mode: 'service:nobody'}",
		"a name for many":  "  z: {image: i, container_name: z, deploy: {replicas: 2}}",
	} {
		var b strings.Builder
		b.WriteString("services:\n")
		for i := range 9 {
			fmt.Fprintf(&b, "  s%d: {image: 'i:%d', ports: ['%d:80'], environment: {A: '%d'}}\n", i, i, i+8000, i)
		}
		dir := t.TempDir()
		filetest.Write(t, dir, "compose.yaml", b.String()+fault+"\n")
		t.Run(what, func(t *testing.T) { faultOf(t, dir) }) // which fails where there is none
	}
}
