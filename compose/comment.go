package compose

import (
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// assignment is NAME=text or NAME: text in a comment, in a list or not.
var assignment = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*[:=]\s*["']?([^\s"']+)`)

// assigns tells whether a line of a comment gives a value to something that is a
// secret by its name or by the value's shape.
func (l *literals) assigns(line string) bool {
	for _, m := range assignment.FindAllStringSubmatch(line, -1) {
		if l.isSecret(m[1], m[2]) {
			return true
		}
	}
	return false
}

func (l *literals) isSecret(name, value string) bool {
	finding := l.judgment.Judge(verdict.Candidate{Name: name, Value: secret.NewValue(value)})
	return finding.Verdict == transform.Secret
}

// sealContent replaces in a config's content each known value that is assigned to
// something which is a secret by its name: there, a value that is no more
// distinctive than "postgres" is meant.
func (l *literals) sealContent(text string) string {
	var b strings.Builder
	end := 0
	for _, m := range assignment.FindAllStringSubmatchIndex(text, -1) {
		value := text[m[4]:m[5]]
		if name := l.secretOf(value); name != "" && l.isSecret(text[m[2]:m[3]], value) {
			b.WriteString(text[end:m[4]] + seal.Of(name))
			end = m[5]
		}
	}
	return b.String() + text[end:]
}
