package transform

import "strings"

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
