package shell

import (
	"regexp"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// plainWord is a word that needs no quotes. It does not begin with "~" or "=", which
// mean something there.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./~-]*$`)

// quoteWord returns word as it is written for a shell, with every seal read from its file.
func quoteWord(word string, file func(secret string) File) string {
	switch {
	case seal.Has(word):
		return DoubleQuoted(word, file)
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
// reading of its file; file gives that of a secret.
func DoubleQuoted(word string, file func(secret string) File) string {
	return `"` + seal.Replace(inDoubleQuotes.Replace(word), func(name string) string { return file(name).Read() }) + `"`
}

// Quote returns the simple command that gives words to a program, for a shell, with
// every seal read from its file; file gives that of a secret.
func Quote(words []string, file func(secret string) File) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quoteWord(word, file)
	}
	if len(quoted) > 0 && strings.Contains(quoted[0], "=") && quoted[0] == words[0] {
		quoted[0] = "'" + quoted[0] + "'" // a program's name, not an assignment
	}
	return strings.Join(quoted, " ")
}
