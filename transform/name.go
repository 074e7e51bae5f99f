package transform

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// SecretName returns name in the form of Swarm secrets: lower snake case.
func SecretName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r < 'a' || r > 'z' {
			if r < '0' || r > '9' {
				r = '_'
			}
		}
		b.WriteRune(r)
	}
	return strings.Trim(b.String(), "_")
}

// inlineName returns the environment variable that ${NAME} names for a secret that
// stays inline.
func inlineName(name string) string { return strings.ToUpper(name) }

// FitName shortens a name that the Swarm would not take, and keeps it unique: the sum
// is of the name, which is no secret.
func FitName(name string) string {
	const sumLen = 8
	if len(name) <= secret.MaxNameLen {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return strings.TrimRight(name[:secret.MaxNameLen-sumLen-1], "_") + "_" + hex.EncodeToString(sum[:sumLen/2])
}
