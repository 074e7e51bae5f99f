package shell

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mattn/go-shellwords"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// Words splits what stands at command: or entrypoint: into the words that a
// program gets. A string is split as Compose does, which is no shell: the same
// parser gives the same words. ok is false for what is neither.
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

// plainWord is a word that a shell reads as it stands. "~" and "=" are left out
// of the first place: they mean something there.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./~-]*$`)

// quoteWord is word as a shell must read it, with every seal read from its file.
func quoteWord(word string, path func(secret string) string) string {
	switch {
	case seal.Has(word):
		return DoubleQuoted(word, path)
	case plainWord.MatchString(word):
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// inDoubleQuotes are the characters that mean something between double quotes.
//
//nolint:gochecknoglobals // a table, never written
var inDoubleQuotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`")

// DoubleQuoted writes word between double quotes, with every seal replaced by the
// reading of its file; path gives the file of a secret.
func DoubleQuoted(word string, path func(secret string) string) string {
	return `"` + seal.Replace(inDoubleQuotes.Replace(word), func(name string) string { return CatOf(path(name)) }) + `"`
}

// CatOf reads a file in a shell; the line ends at its end are cut off, which no
// program's argument wants.
func CatOf(path string) string { return "$(cat " + path + ")" }

// Quote is a simple command made of words, for a shell.
func Quote(words []string, path func(secret string) string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quoteWord(word, path)
	}
	if len(quoted) > 0 && strings.Contains(quoted[0], "=") && quoted[0] == words[0] {
		quoted[0] = "'" + quoted[0] + "'" // a program's name, not an assignment
	}
	return strings.Join(quoted, " ")
}

// ScriptIn is the place in words of the text that a shell among them runs, as in
// sh -ec TEXT; -1 when there is none.
func ScriptIn(words []string) int {
	for i, word := range words {
		if !isShellName(word) {
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

// isShellName tells whether word names a shell that reads POSIX text.
func isShellName(word string) bool {
	return slices.Contains([]string{"sh", "bash", "ash", "dash", "ksh", "zsh"}, word[strings.LastIndexByte(word, '/')+1:])
}

// IsIdentifier tells whether a shell can hold a variable of that name.
func IsIdentifier(name string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	for i := range len(name) {
		if !IsNameByte(name[i]) {
			return false
		}
	}
	return true
}

// ScalarText is a scalar of YAML as text; false for null, lists and mappings.
func ScalarText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case nil, map[string]any, []any:
		return "", false
	}
	return fmt.Sprint(value), true
}

// IsNameByte tells whether c may be part of the name of a shell variable.
func IsNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
