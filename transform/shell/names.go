package shell

import (
	"slices"
	"strings"
)

// Expands reports whether a shell that reads text, now or later, may expand the variable
// name: $NAME or ${NAME…} is in it. Quotes do not matter, since what one shell has quoted
// the next one reads: sh -c 'echo "$NAME"'.
func Expands(text, name string) bool {
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "$")
		if !found {
			return false
		}
		rest = after
		after = strings.TrimPrefix(after, "{")
		after = strings.TrimPrefix(after, "#")
		tail, ok := strings.CutPrefix(after, name)
		if ok && (tail == "" || !IsNameByte(tail[0])) {
			return true
		}
	}
}

// IsIdentifier reports whether a shell can hold a variable of that name.
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

// IsNameByte reports whether c may be part of the name of a shell variable.
func IsNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// isKeyword reports whether a command follows word in the same command.
func isKeyword(word string) bool {
	return slices.Contains([]string{"if", "then", "else", "elif", "fi", "while", "until", "do", "done", "!", "{", "}", "exec", "time"}, word)
}
