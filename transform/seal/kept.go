package seal

import "strings"

// A kept variable is an expression of the author's, ${NAME} or ${NAME:-word},
// which stays in the stack file for the docker CLI to fill in. It stands between
// two marks, so that its "$" is not doubled.
const (
	keptOpen  = "\U0010F0E2"
	keptClose = "\U0010F0E3"
)

// Kept marks expression as one to be written as it is.
func Kept(expression string) string { return keptOpen + expression + keptClose }

// EachKept splits text at its kept variables: plain makes what stands between
// them, which may be empty, and the expressions stay as they are.
func EachKept(text string, plain func(string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, keptOpen)
		b.WriteString(plain(before))
		if !found {
			return b.String()
		}
		expression, tail, _ := strings.Cut(rest, keptClose)
		b.WriteString(expression)
		text = tail
	}
}
