package swarm

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	forms "github.com/docker-secrets/docker-secrets/transform/verdict" // the package has a type called verdict
)

// maxQuestions is how many words of a log are asked about at most.
const maxQuestions = 1000

var errTooManyWords = errors.New("too many words to ask about")

// valuesIn returns the values that a job finds in its files and that are words of
// lines. Those in use cannot be read, but the Engine tells of each word whether
// it is one. After an error any word may be a value.
func valuesIn(ctx context.Context, api API, readings []reading, lines []string) ([]secret.Value, error) {
	var all []string
	for _, line := range lines {
		all = append(all, words(line)...)
	}
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(word string) bool { return len(word) < forms.Shortest })
	if len(all) > maxQuestions {
		return nil, errTooManyWords
	}
	isValue := make([]bool, len(all))
	err := forEach(ctx, len(all), func(ctx context.Context, i int) error {
		for _, r := range readings {
			for _, object := range []Object{r.now, r.next} {
				equal, err := sameValue(ctx, api, object, secret.NewValue(all[i]))
				if err != nil {
					return err
				}
				isValue[i] = isValue[i] || equal
			}
		}
		return nil
	})
	var found []secret.Value
	for i, word := range all {
		if isValue[i] {
			found = append(found, secret.NewValue(word))
		}
	}
	return found, err
}

func redactAll(lines []string, values []secret.Value) []string {
	redacted := make([]string, 0, len(lines))
	for _, line := range lines {
		redacted = append(redacted, redact(line, values))
	}
	return redacted
}

// separators are the characters that may surround a value inside a word: of a shell, a URL, a
// data format.
const separators = `'"=:,;()[]{}<>@/&?|.`

// words returns the parts of a line that may be a value: the whole line, the text after
// an equal sign, each word between blanks or redacted text, and within a word everything
// between two separators.
func words(line string) []string {
	line = strings.TrimSpace(strings.ReplaceAll(line, secret.Value{}.String(), " "))
	words := []string{line}
	if _, rest, is := strings.Cut(line, "="); is {
		words = append(words, strings.Trim(rest, `'" `))
	}
	for field := range strings.FieldsSeq(line) {
		words = append(words, parts(field)...)
	}
	return words
}

// parts returns every part of word between two separators, where the start and the end
// count as separators.
func parts(word string) []string {
	starts, ends := []int{0}, []int{len(word)}
	for i, r := range word {
		if strings.ContainsRune(separators, r) {
			starts, ends = append(starts, i+1), append(ends, i)
		}
	}
	var parts []string
	for _, start := range starts {
		for _, end := range ends {
			if start < end {
				parts = append(parts, word[start:end])
			}
		}
	}
	return parts
}
