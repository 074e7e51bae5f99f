package secret

import "strings"

// IsManaged tells whether the reference names a place in a secret manager, or in
// something else that keeps secrets and nothing else.
func (r Reference) IsManaged() bool {
	switch r.Scheme {
	case "awssecrets", "azurekeyvault", "gcpsecrets", "vault", "sops", "op":
		return true
	}
	return false
}

// Managed returns the reference that text, all of it, is where it names a place in
// a secret manager, with or without the "ref+" of vals.
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
