package compose

import (
	"errors"
	"fmt"
	"strings"
)

// part is a piece of a template: plain text, or one variable expression with
// the operator and the word that follow its name.
type part struct {
	text string // plain text, with "$$" already made "$"
	name string // "" for plain text
	op   string // "", ":-", "-", ":+", "+", ":?" or "?"
	word string // what stands after op: a template itself
}

// errTemplate quotes nothing: the text may be a password that holds a "$".
var errTemplate = errors.New("a ${ starts no variable; write $${ for a plain one")

// parseTemplate splits text as Compose does (compose-spec, interpolation.md):
// $$, $NAME, ${NAME}, ${NAME:-word} and its kin, words nested. The only error
// is errTemplate.
func parseTemplate(text string) ([]part, error) {
	var parts []part
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
		if p.name == "" {
			parts = appendText(parts, p.text)
		} else {
			parts = append(parts, p)
		}
		text = text[size:]
	}
	return parts, nil
}

func appendText(parts []part, text string) []part {
	if text == "" {
		return parts
	}
	if last := len(parts) - 1; last >= 0 && parts[last].name == "" {
		parts[last].text += text
		return parts
	}
	return append(parts, part{text: text})
}

// parseExpression reads what follows a "$" and says how many bytes it took.
func parseExpression(text string) (part, int, error) {
	if strings.HasPrefix(text, "$") {
		return part{text: "$"}, 1, nil
	}
	if !strings.HasPrefix(text, "{") {
		size := nameLen(text)
		if size == 0 {
			return part{text: "$"}, 0, nil // Compose leaves "$1" and "pa$" as they are
		}
		return part{name: text[:size]}, size, nil
	}
	end := closingBrace(text)
	size := nameLen(text[1:])
	if end < 0 || size == 0 {
		return part{}, 0, errTemplate
	}
	p := part{name: text[1 : 1+size]}
	rest := text[1+size : end]
	for _, op := range []string{":-", ":+", ":?", "-", "+", "?"} {
		if word, ok := strings.CutPrefix(rest, op); ok {
			p.op, p.word = op, word
			return p, end + 1, nil
		}
	}
	if rest != "" {
		return part{}, 0, errTemplate
	}
	return p, end + 1, nil
}

func nameLen(text string) int {
	for i := range len(text) {
		c := text[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

// closingBrace finds the "}" that closes the "{" at the start of text. Every
// brace in between counts, but never the byte after a "{": compose-go reads it
// so, and what a template means must not depend on who reads it. Where they do
// not balance, the last one on the line closes.
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

// lookup answers with a variable's value and whether it is set.
type lookup func(name string) (string, bool)

// missingError is a variable that ${NAME:?word} requires.
type missingError struct{ name string }

func (e *missingError) Error() string {
	return fmt.Sprintf("${%s} is required and not set; set it in the environment or in .env", e.name)
}

// expansion is told of every expression that is evaluated: the variable, the
// text it gave, and whether that came from the word instead of the variable.
// What it returns stands in the result.
type expansion func(p part, text string, fromWord bool) string

// expand evaluates parts with Compose's rules. A nil seen leaves every result as
// it is. The error is a *missingError or errTemplate, neither quoting a value.
func expand(parts []part, value lookup, seen expansion) (string, error) {
	var b strings.Builder
	for _, p := range parts {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		text, err := expandOne(p, value, seen)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func expandOne(p part, value lookup, seen expansion) (string, error) {
	text, set := value(p.name)
	full := set && (text != "" || !strings.HasPrefix(p.op, ":"))
	fromWord := false
	switch strings.TrimPrefix(p.op, ":") {
	case "?":
		if !full {
			return "", &missingError{name: p.name}
		}
	case "-":
		fromWord = !full
	case "+":
		fromWord = full
	}
	if fromWord {
		word, err := parseTemplate(p.word)
		if err != nil {
			return "", err
		}
		if text, err = expand(word, value, seen); err != nil {
			return "", err
		}
	}
	if seen != nil {
		text = seen(p, text, fromWord)
	}
	return text, nil
}

// whole returns the variable whose value the template is, all of it, or "".
func whole(parts []part) string {
	if len(parts) == 1 && strings.TrimPrefix(parts[0].op, ":") != "+" {
		return parts[0].name
	}
	return ""
}

// names appends every variable that parts name, nested words included.
func names(parts []part, into []string) []string {
	for _, p := range parts {
		if p.name == "" {
			continue
		}
		into = append(into, p.name)
		if word, err := parseTemplate(p.word); err == nil && strings.TrimPrefix(p.op, ":") != "?" {
			into = names(word, into)
		}
	}
	return into
}
