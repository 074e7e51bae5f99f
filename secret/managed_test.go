package secret

import "testing"

// A text that is a place in a secret manager must be told from any other.
func TestManagedIsToldFromAnyOtherText(t *testing.T) {
	for text, want := range map[string]string{
		"vault://secret/app#/key":            "vault://secret/app#/key",
		"ref+awssecrets://app/key?region=x":  "awssecrets://app/key?region=x",
		"op://vault/item/field":              "op://vault/item/field",
		"env://NAME":                         "",
		"postgres://app:pw@db/app":           "",
		"see vault://secret/app#/key for it": "",
		"se://docker/one":                    "",
		"vault://":                           "",
		"vault":                              "",
	} {
		ref, found := Managed(text)
		if found != (want != "") || found && ref.String() != want {
			t.Errorf("%s: %v, %v; want %q", text, ref, found, want)
		}
	}
}
