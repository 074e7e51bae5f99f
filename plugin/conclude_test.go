package plugin

import (
	"testing"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
)

// A stack file must not be stale for what this Engine knows of an image and another did not.
func TestStandingOfImages(t *testing.T) {
	const old = "services:\n  a:\n    image: i:1\n"
	for name, c := range map[string]struct{ now, want string }{
		"the same":             {old, "stack.yml is up to date"},
		"an image":             {old + "x-images:\n  i:1: SHELL-UNKNOWN\n", "stack.yml is up to date"},
		"a service":            {"services:\n  a:\n    image: i:2\n", "stack.yml is stale: services.a.image (see --diff)"},
		"a service and images": {"services:\n  a:\n    image: i:2\nx-images:\n  i:2: USER 1\n", "stack.yml is stale: services.a.image, x-images (see --diff)"},
		"a comment":            {"# new\n" + old, "stack.yml is stale: comments or the order of keys (see --diff)"},
	} {
		file := outputFile{shown: "stack.yml", content: []byte(old), state: stackfile.Ours}
		if got := (&migration{}).standing(file, []byte(c.now), 80); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
