package plugin

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
)

// Deploy must refuse a credential that the stack file shows, unless its path is allowed.
func TestInClearIsRefused(t *testing.T) {
	file, err := stackfile.Parse("stack.yml", []byte("x-in-clear:\n  - services.web.labels.app.token\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := checkInline(file, nil); err == nil || !strings.Contains(err.Error(), "stack.yml:2: a credential is in plaintext at services.web.labels.app.token") {
		t.Errorf("got %v", err)
	}
	allowed := []string{"services.web.labels.app.token"}
	if err := checkInline(file, allowed); err != nil {
		t.Error(err)
	}
	if inlines := allowedInlines(file, allowed); len(inlines) > 0 {
		t.Errorf("%d variables are looked up for a path", len(inlines))
	}
}
