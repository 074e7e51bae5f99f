package secret

import (
	"slices"
	"strings"
)

// The schemes of the systems that keep nothing but secrets: secret managers, sops and
// 1Password. A system takes its scheme from here, so that a new one is known to IsManaged.
const (
	SchemeAWS         = "awssecrets"
	SchemeAzure       = "azurekeyvault"
	SchemeGoogle      = "gcpsecrets"
	SchemeVault       = "vault"
	SchemeSOPS        = "sops"
	SchemeOnePassword = "op"
)

//nolint:gochecknoglobals // a table, never written
var managedSchemes = []string{SchemeAWS, SchemeAzure, SchemeGoogle, SchemeVault, SchemeSOPS, SchemeOnePassword}

// IsManaged reports whether the reference names a place in a secret manager, or in
// something else that keeps secrets and nothing else.
func (r Reference) IsManaged() bool { return slices.Contains(managedSchemes, r.Scheme) }

// Managed parses text, with or without the "ref+" of vals. It returns false unless the whole
// text is a reference that IsManaged.
func Managed(text string) (Reference, bool) {
	if !strings.Contains(text, "://") {
		return Reference{}, false
	}
	ref, err := ParseReference(text)
	if err != nil || !ref.IsManaged() {
		return Reference{}, false
	}
	return ref, true
}
