package transform

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// The Engine must read a template's text as it was meant.
func TestTemplateTextIsEscapedForTheEngine(t *testing.T) {
	got := templateText("{{x}} "+seal.Of("a")+"}}", map[string]string{"a": "b.c"})
	if diff := cmp.Diff(`{{"{{"}}x}} {{ secret "b.c" }}}}`, got); diff != "" {
		t.Errorf("(-want +got)\n%s", strings.TrimSpace(diff))
	}
}
