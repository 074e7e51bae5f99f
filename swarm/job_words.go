package swarm

import (
	"context"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// maxQuestions is how many words of a log are asked about at most.
const maxQuestions = 500

// valuesIn returns the values that a job finds and that stand in lines. Those in
// use cannot be read, but the Engine tells of each word whether it is one.
func valuesIn(ctx context.Context, api API, readings []reading, lines []string) []secret.Value {
	var found []secret.Value
	asked := map[string]bool{}
	for _, line := range lines {
		for _, word := range words(line) {
			if len(word) < shortest || asked[word] || len(asked) >= maxQuestions {
				continue
			}
			asked[word] = true
			for _, r := range readings {
				if equal, err := askEngine(ctx, api, r.now, secret.NewValue(word)); err == nil && equal {
					found = append(found, secret.NewValue(word))
				}
			}
		}
	}
	return found
}

func redactAll(lines []string, values []secret.Value) []string {
	redacted := make([]string, 0, len(lines))
	for _, line := range lines {
		redacted = append(redacted, redact(line, values))
	}
	return redacted
}

// words takes a line apart wherever a value may start or end: as a whole, at the
// first equal sign, at blanks and
// at what is redacted already, and there at quotes and what separates.
func words(line string) []string {
	line = strings.TrimSpace(strings.ReplaceAll(line, secret.Value{}.String(), " "))
	words := []string{line}
	if _, rest, is := strings.Cut(line, "="); is {
		words = append(words, strings.Trim(rest, `'"`))
	}
	for field := range strings.FieldsSeq(line) {
		words = append(words, field, strings.Trim(field, `'"()[]{},;.:`))
		words = append(words, strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(`'"=:,;()[]{}@/`, r) })...)
	}
	return words
}
