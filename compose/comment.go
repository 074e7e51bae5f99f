package compose

import (
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// assignment matches NAME=text and NAME: text in a comment or in a list.
var assignment = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*[:=]\s*["']?([^\s"']+)`)

// assigns tells whether a line of a comment assigns a value to a name that is a
// secret, or a value that looks like one.
func (l *literals) assigns(line string) bool {
	for _, m := range assignment.FindAllStringSubmatch(line, -1) {
		if l.isSecret(m[1], m[2]) {
			return true
		}
	}
	return false
}

// filledIn matches what tells no value: a variable without a default or with an empty
// one, and a placeholder.
//
//nolint:gochecknoglobals // an expression, never written
var filledIn = lazyregexp.New(`^(?:\$\$?[A-Z_][A-Z0-9_]*|\$\$?\{\w+(?::?[-?][\[\]{}]*)?\}?|<[\w .-]*>),?$`)

func (l *literals) isSecret(name, value string) bool {
	if filledIn().MatchString(value) {
		return false
	}
	finding := l.judgment.Judge(verdict.Candidate{Name: name, Value: secret.NewValue(value)})
	return finding.Verdict == transform.Secret
}

// sealContent seals the known values in the content of a config that are assigned
// to a name that is a secret. Such a value is meant even if it is not distinctive,
// such as "postgres".
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
