package expression

import (
	"errors"
	"fmt"
	"strings"
)

// Part is a piece of a template: plain text, or one variable expression with
// the operator and the word that follow its name.
type Part struct {
	Text string // plain text, with "$$" already made "$"
	Name string // "" for plain text
	Bare bool   // $NAME without braces
	Op   string // "", ":-", "-", ":+", "+", ":?" or "?"
	Word string // what stands after op: a template itself
}

// ErrTemplate quotes nothing: the text may be a password that holds a "$".
var ErrTemplate = errors.New("${ does not start a variable; write $${ for a literal one")

// The errors for what is above a limit. They quote nothing either.
var (
	ErrDeep = errors.New("more than 50 ${ inside of each other; give the defaults in an env file")
	ErrLong = errors.New("more than 16 MiB when its variables are replaced; use fewer or shorter ones")
)

const (
	maxDepth = 50       // of words in words: what people write has two
	maxText  = 16 << 20 // bytes of an evaluated template
)

// CheckDepth returns ErrDeep if text has more words in words than Parse takes.
func CheckDepth(text string) error {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i] == '$' && text[i+1] == '$':
			i++
		case text[i] == '$' && text[i+1] == '{':
			if depth++; depth > maxDepth {
				return ErrDeep
			}
		case text[i] == '}':
			depth = max(depth-1, 0)
		}
	}
	return nil
}

// Parse splits text as Compose does (compose-spec, interpolation.md):
// $$, $NAME, ${NAME}, ${NAME:-word} and its kin, words nested. The error
// is ErrTemplate or ErrDeep.
func Parse(text string) ([]Part, error) {
	if text != "" && !strings.Contains(text, "$") {
		return []Part{{Text: text}}, nil
	}
	if err := CheckDepth(text); err != nil {
		return nil, err
	}
	var parts []Part
	for text != "" {
		dollar := strings.IndexByte(text, '$')
		if dollar < 0 {
			return appendText(parts, text), nil
		}
		parts = appendText(parts, text[:dollar])
		text = text[dollar+1:]
		p, size, err := parseExpression(text)
		if err != nil {
			return nil, err
		}
		if p.Name == "" {
			parts = appendText(parts, p.Text)
		} else {
			parts = append(parts, p)
		}
		text = text[size:]
	}
	return parts, nil
}

func appendText(parts []Part, text string) []Part {
	if text == "" {
		return parts
	}
	if last := len(parts) - 1; last >= 0 && parts[last].Name == "" {
		parts[last].Text += text
		return parts
	}
	return append(parts, Part{Text: text})
}

// parseExpression returns the part that text, which follows a "$", begins with, and
// its length in bytes.
func parseExpression(text string) (Part, int, error) {
	if strings.HasPrefix(text, "$") {
		return Part{Text: "$"}, 1, nil
	}
	if !strings.HasPrefix(text, "{") {
		size := NameLen(text)
		if size == 0 {
			return Part{Text: "$"}, 0, nil // Compose leaves "$1" and "pa$" as they are
		}
		return Part{Name: text[:size], Bare: true}, size, nil
	}
	end := closingBrace(text)
	size := NameLen(text[1:])
	if end < 0 || size == 0 {
		return Part{}, 0, ErrTemplate
	}
	p := Part{Name: text[1 : 1+size]}
	rest := text[1+size : end]
	for _, op := range []string{":-", ":+", ":?", "-", "+", "?"} {
		if word, ok := strings.CutPrefix(rest, op); ok {
			p.Op, p.Word = op, word
			return p, end + 1, nil
		}
	}
	if rest != "" {
		return Part{}, 0, ErrTemplate
	}
	return p, end + 1, nil
}

// NameLen returns the length in bytes of the variable name that text begins with, 0 for
// none.
func NameLen(text string) int {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

// closingBrace returns the index of the "}" that closes the "{" at the start of text,
// -1 for none. Braces nest, but the byte after a "{" never counts (as in compose-go). If
// they do not balance, the last "}" on the line closes.
func closingBrace(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
			i++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.LastIndexByte(line, '}')
}

// Lookup returns a variable's value, and whether it is set.
type Lookup func(name string) (string, bool)

// MissingError says that a variable which ${NAME:?word} requires is not set.
type MissingError struct{ Name string }

func (e *MissingError) Error() string {
	return fmt.Sprintf("${%s} is required and not set; set it in the environment or in .env", e.Name)
}

// replacement returns the text to write for an expression. text is what the expression
// gives; fromWord is true if that comes from its word and not from the variable.
type replacement func(p Part, text string, fromWord bool) string

// Expand evaluates parts by Compose's rules. It replaces what each expression gives by
// what replace returns for it; nil replaces nothing. The error is a *MissingError,
// ErrTemplate, ErrDeep or ErrLong; none quotes a value.
func Expand(parts []Part, value Lookup, replace replacement) (string, error) {
	var b strings.Builder
	for _, p := range parts {
		if p.Name == "" {
			b.WriteString(p.Text)
			continue
		}
		text, err := expandOne(p, value, replace)
		if err != nil {
			return "", err
		}
		if b.Len()+len(text) > maxText {
			return "", ErrLong
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func expandOne(p Part, value Lookup, replace replacement) (string, error) {
	text, set := value(p.Name)
	full := set && (text != "" || !strings.HasPrefix(p.Op, ":"))
	fromWord := false
	switch strings.TrimPrefix(p.Op, ":") {
	case "?":
		if !full {
			return "", &MissingError{Name: p.Name}
		}
	case "-":
		fromWord = !full
	case "+":
		fromWord = full
	}
	if fromWord {
		word, err := Parse(p.Word)
		if err != nil {
			return "", err
		}
		if text, err = Expand(word, value, replace); err != nil {
			return "", err
		}
	}
	if replace != nil {
		text = replace(p, text, fromWord)
	}
	return text, nil
}

// Names appends to into every variable that parts name, those in nested words
// included.
func Names(parts []Part, into []string) []string {
	for _, p := range parts {
		if p.Name == "" {
			continue
		}
		into = append(into, p.Name)
		if word, err := Parse(p.Word); err == nil && strings.TrimPrefix(p.Op, ":") != "?" {
			into = Names(word, into)
		}
	}
	return into
}
