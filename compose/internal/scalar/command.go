package scalar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Literals are the credentials in a command: those that a flag or a variable names,
// and those that have the shape of one. texts are its words, or the one script of a
// shell. The result is in order and without overlaps.
func Literals(texts []string, words bool) []verdict.Literal {
	if len(texts) == 0 {
		return nil
	}
	var found []verdict.Literal
	if words {
		found = verdict.CommandLiterals(texts)
	} else {
		found = verdict.ScriptLiterals(texts[0])
	}
	flags := len(found)
	for i, text := range texts {
		for _, span := range verdict.Credentials(text) {
			value := text[span.Start:span.End]
			overlaps := func(l verdict.Literal) bool { return l.Word == i && l.Start < span.End && span.Start < l.End }
			if slices.ContainsFunc(found[:flags], overlaps) || strings.ContainsAny(value, "\\'\"`$\x00") {
				continue
			}
			found = append(found, verdict.Literal{Word: i, Start: span.Start, End: span.End, Rule: span.Rule, Value: secret.NewValue(value)})
		}
	}
	slices.SortStableFunc(found, func(a, b verdict.Literal) int {
		if a.Word != b.Word {
			return a.Word - b.Word
		}
		return a.Start - b.Start
	})
	return found
}

// command judges the words or the script of a command.
func (j *judge) command(at position, value any) {
	list, isList := value.([]any)
	if !isList {
		if text, ok := value.(string); ok {
			j.literals([]string{text}, func(int) position { return at }, false)
		}
		return
	}
	skip, words := 0, true
	if at.keys[len(at.keys)-1] == "test" && len(list) > 0 {
		skip, words = 1, list[0] != "CMD-SHELL"
	}
	texts := make([]string, 0, len(list))
	for _, word := range list[skip:] {
		if word == nil {
			word = ""
		}
		texts = append(texts, fmt.Sprint(word))
	}
	j.literals(texts, func(i int) position { return at.item(skip + i) }, words)
}

func (j *judge) literals(texts []string, of func(word int) position, words bool) {
	spans := map[int][]verdict.Span{}
	for _, l := range Literals(texts, words) {
		if len(written(l.Value.Reveal())) == 0 {
			continue
		}
		spans[l.Word] = append(spans[l.Word], verdict.Span{Start: l.Start, End: l.End, Rule: l.Rule})
	}
	for i, text := range texts {
		if len(spans[i]) == 0 {
			spans[i] = credentials(text, of(i))
		}
		if len(spans[i]) > 0 {
			j.add(of(i), text, spans[i])
		}
	}
}
