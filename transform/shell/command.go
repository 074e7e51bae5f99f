package shell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"
)

// Words returns the words that a program gets from the value of command: or
// entrypoint:, none for null. A string is split by the parser that Compose uses, which
// is no shell. ok is false when the value is no string, list of scalars or null, or
// cannot be split.
func Words(value any) (words []string, ok bool) {
	switch v := value.(type) {
	case nil:
		return nil, true
	case string:
		split, err := shellwords.Parse(v)
		return split, err == nil
	case []any:
		for _, item := range v {
			word, isText := ScalarText(item)
			if !isText {
				return nil, false
			}
			words = append(words, word)
		}
		return words, true
	}
	return nil, false
}

// CommandFlag is the flag after which a shell reads its script.
var CommandFlag = regexp.MustCompile(`^-[a-z]*c$`)

// ScriptIn returns the index in words of the text that a shell among them runs, as in
// sh -ec TEXT; -1 when there is none.
func ScriptIn(words []string) int {
	for i, word := range words {
		if !IsShell(word) {
			continue
		}
		for j := i + 1; j < len(words) && strings.HasPrefix(words[j], "-"); j++ {
			switch {
			case CommandFlag.MatchString(words[j]) && j+1 < len(words):
				return j + 1
			case words[j] == "-o": // takes a word: bash -o pipefail -c TEXT
				j++
			}
		}
	}
	return -1
}

// IsShell reports whether word names a shell that reads POSIX text.
func IsShell(word string) bool {
	return slices.Contains([]string{"sh", "bash", "ash", "dash", "ksh", "zsh"}, word[strings.LastIndexByte(word, '/')+1:])
}

// ScalarText returns a YAML scalar as text; false for null, lists and mappings.
func ScalarText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case nil, map[string]any, []any:
		return "", false
	}
	return fmt.Sprint(value), true
}
