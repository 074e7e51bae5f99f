package compose

import (
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// A known value must be replaced in a config's content where it is assigned to a
// secret, however common a word it is, and nowhere else.
func TestContentIsSealedWhereASecretIsAssigned(t *testing.T) {
	l := newLiterals([]classify.Sealed{{Secret: "db_password", Value: secret.NewValue("postgres")}})
	got := l.sealContent("user = postgres\npassword = postgres\nDB_PASSWORD: \"postgres\"\npassword = other\n")
	seal := seal.Of("db_password")
	want := "user = postgres\npassword = " + seal + "\nDB_PASSWORD: \"" + seal + "\"\npassword = other\n"
	if got != want {
		t.Errorf("sealContent gives %q, want %q", got, want)
	}
}

// A distinctive value must be replaced wherever it stands.
func TestDistinctiveValueIsSealedAnywhere(t *testing.T) {
	l := newLiterals([]classify.Sealed{{Secret: "token", Value: secret.NewValue("hunter2secret99")}})
	model := map[string]any{"configs": map[string]any{"c": map[string]any{"content": "spelled out: xhunter2secret99y"}}}
	l.sealModel(model)
	got := mapping(mapping(model["configs"])["c"])["content"].(string)
	if strings.Contains(got, "hunter2") || !seal.Has(got) {
		t.Errorf("the content is %q", got)
	}
}

// A comment must be dropped when it holds a value or assigns a secret, and kept
// otherwise.
func TestCommentsWithSecretsAreDropped(t *testing.T) {
	l := newLiterals([]classify.Sealed{{Secret: "db_password", Value: secret.NewValue("hunter2")}})
	for comment, want := range map[string]bool{
		"# the database":            true,
		"# it was hunter2 once":     false,
		"# DB_PASSWORD=old":         false,
		"# - API_KEY: sk-live-1234": false,
		"# DB_PASSWORD=$Kd83xQ2m":   false,
		"# DB_PASSWORD=${P:-Kd83x}": false,
		"# DB_PASSWORD=${PASSWORD}": true,
		"# DB_PASSWORD: <password>": true,
		"# JWT_KEYS: ${KEYS:-[]}":   true,
		"# LOG_LEVEL=debug":         true,
		"# see https://example.com": true,
	} {
		if got := l.harmless(comment); got != want {
			t.Errorf("harmless(%q) = %v", comment, got)
		}
	}
}
