package transform

import "strings"

// SecretName is name in the form that Swarm secrets are given: lower snake case.
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

// inlineName is the environment variable that stands for a secret where nothing
// better than ${NAME} can be written.
func inlineName(name string) string { return strings.ToUpper(name) }
