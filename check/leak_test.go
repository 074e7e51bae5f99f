package check

import (
	"strings"
	"testing"
)

// A command must never have words in the place of a secret's name.
func TestLeakOfAPartNamesNoSecret(t *testing.T) {
	fix := Leak{Secret: PartOfSecret, Commit: "1234", Place: Place{File: ".env", Line: 3}}.finding().Fix
	if strings.Contains(fix, "a part of") || !strings.HasPrefix(fix, "docker secrets rotate STACK SECRET, ") {
		t.Errorf("%s", fix)
	}
}
