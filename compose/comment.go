package compose

import (
	"regexp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// assignment is NAME=text or NAME: text in a comment, in a list or not.
var assignment = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*[:=]\s*["']?([^\s"']+)`)

// assigns tells whether a line of a comment gives a value to something that is a
// secret by its name or by the value's shape.
func (l *literals) assigns(line string) bool {
	for _, m := range assignment.FindAllStringSubmatch(line, -1) {
		finding := l.judgment.Judge(transform.Candidate{Name: m[1], Value: secret.NewValue(m[2])})
		if finding.Verdict == transform.Secret {
			return true
		}
	}
	return false
}
