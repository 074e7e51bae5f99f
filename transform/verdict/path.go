package verdict

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// PlainPath tells whether the user calls the text at path plain: a path in the model,
// such as services.web.labels.traefik.x. A glob is compared with the path, with the
// path from the service's name on, and with the path below the service. Only globs
// with a dot are about paths; a variable's name has none.
func (p Policy) PlainPath(path string) bool {
	paths := Policy{Secret: dotted(p.Secret), Plain: dotted(p.Plain)}
	if p.Written != nil {
		paths.Written = &Policy{Secret: dotted(p.Written.Secret), Plain: dotted(p.Written.Plain)}
	}
	names := []string{path}
	if from, ok := strings.CutPrefix(path, "services."); ok {
		names = append(names, from)
		if _, below, ok := strings.Cut(from, "."); ok {
			names = append(names, below)
		}
	}
	for _, name := range names {
		if f, ok := paths.decided(Candidate{Name: name}); ok {
			return f.Verdict == transform.Plain
		}
	}
	return false
}

func dotted(patterns []string) []string {
	var all []string
	for _, pattern := range patterns {
		if strings.Contains(pattern, ".") {
			all = append(all, pattern)
		}
	}
	return all
}
