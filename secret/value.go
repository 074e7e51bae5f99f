package secret

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// redacted stands wherever a value would be printed.
const redacted = "[redacted]"

// Value holds the text of a secret and shows it to nobody by accident. The text
// is kept in a closure, so that fmt prints the redaction under every verb, a
// debugger-like dump (%#v, cmp.Diff, panic) of a struct that holds a Value
// finds a function address and nothing to follow, and JSON, YAML and slog get
// the redaction too. The zero Value is the empty text.
type Value struct{ text func() string }

// NewValue wraps text.
func NewValue(text string) Value {
	return Value{text: func() string { return text }}
}

// Reveal returns the text. It is the only way to read a Value: whoever reviews
// where secrets go looks for the callers of this method.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return v.text()
}

// Empty tells whether the text has no bytes.
func (v Value) Empty() bool { return v.Reveal() == "" }

// Len is the text's length in bytes.
func (v Value) Len() int { return len(v.Reveal()) }

// EndsLine tells whether the text ends with a line end.
func (v Value) EndsLine() bool { return strings.HasSuffix(v.Reveal(), "\n") }

// Equal tells whether both texts have the same bytes. go-cmp uses it too.
func (v Value) Equal(other Value) bool { return v.Reveal() == other.Reveal() }

// Compare orders texts by their bytes, so that what is made from several values comes
// in the same order in every run.
func (v Value) Compare(other Value) int { return strings.Compare(v.Reveal(), other.Reveal()) }

// Format writes the redaction, whatever the verb and the flags.
func (v Value) Format(state fmt.State, _ rune) {
	_, _ = io.WriteString(state, redacted)
}

// String is the redaction.
func (v Value) String() string { return redacted }

// GoString is the redaction.
func (v Value) GoString() string { return redacted }

// MarshalText writes the redaction; JSON and most encoders go through it.
func (v Value) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalYAML writes the redaction.
func (v Value) MarshalYAML() (any, error) { return redacted, nil }

// LogValue is the redaction.
func (v Value) LogValue() slog.Value { return slog.StringValue(redacted) }
