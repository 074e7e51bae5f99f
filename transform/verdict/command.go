package verdict

import (
	"path"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// Literal is a credential that is written out in a command.
type Literal struct {
	Word, Start, End int    // it is the bytes Start to End of word number Word, as the word was given
	Rule             string // "flag:password", "flag:mysql", "flag:url-password"
	Value            secret.Value
}

// CommandLiterals returns the credentials in a command given as words, which no shell
// reads: command, entrypoint or test in list form. It reads the script of a "sh -c
// SCRIPT" as a shell does. The result is in order and without overlaps. A word that a
// variable gives ($NAME) is not reported.
func CommandLiterals(words []string) []Literal {
	tokens := make([]shell.Word, len(words))
	for i, w := range words {
		tokens[i] = shell.WholeWord(i, w)
	}
	return inOrder(commandLiterals(tokens, maxNesting))
}

// ScriptLiterals returns the credentials in a text that a shell reads. Word is 0, and the
// bytes are those of script with its quotes and backslashes.
func ScriptLiterals(script string) []Literal {
	return inOrder(scriptLiterals(shell.WholeWord(0, script), maxNesting))
}

// maxNesting is the depth to which a "sh -c" in a "sh -c" is read.
const maxNesting = 3

// inOrder sorts literals and drops those that lie within another one.
func inOrder(found []Literal) []Literal {
	slices.SortStableFunc(found, func(a, b Literal) int {
		if a.Word != b.Word {
			return a.Word - b.Word
		}
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var kept []Literal
	for _, l := range found {
		if n := len(kept); n > 0 && kept[n-1].Word == l.Word && kept[n-1].End > l.Start {
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

func scriptLiterals(script shell.Word, depth int) []Literal {
	var found []Literal
	for _, command := range shell.Commands(script) {
		found = append(found, commandLiterals(command, depth)...)
	}
	return found
}

// commandLiterals looks through one simple command.
func commandLiterals(words []shell.Word, depth int) []Literal {
	c := commandScan{words: words}
	for i := range words {
		c.at(i, depth)
	}
	return c.found
}

// commandScan walks over the words of one command and remembers which program
// the flags belong to.
type commandScan struct {
	words   []shell.Word
	program string
	found   []Literal
}

func (c *commandScan) at(i, depth int) {
	word := c.words[i]
	if name := path.Base(word.Text); knownPrograms[name] {
		c.program = name
	}
	if depth > 0 && word.Whole && scriptMark().MatchString(word.Text) {
		c.found = append(c.found, scriptLiterals(word, depth-1)...)
		return
	}
	if depth > 0 && isShell[c.program] && shell.CommandFlag.MatchString(word.Text) && i+1 < len(c.words) {
		c.found = append(c.found, scriptLiterals(c.words[i+1], depth-1)...)
		return
	}
	c.inside(word)
	c.assignment(word)
	c.flag(i)
	c.clientFlag(i)
	c.position(i)
}

// add records text[from:to] of word, unless it is given by a variable, or is
// no value at all.
func (c *commandScan) add(word shell.Word, from, to int, rule string) {
	if start, end, ok := soleDefault(word.Text[from:to]); ok && !word.Whole {
		from, to = from+start, from+end
	}
	text := word.Text[from:to]
	if text == "" || strings.IndexByte(text, shell.Expansion) >= 0 || isPath(text) || isSwitch(text) {
		return
	}
	if word.Whole && variableOnly().MatchString(text) {
		return
	}
	start, end := word.Source(from, to)
	c.found = append(c.found, Literal{Word: word.Number, Start: start, End: end, Rule: "flag:" + rule, Value: secret.NewValue(text)})
}

// inside finds credentials whose shape shows them anywhere: in URLs, headers,
// SQL, JSON.
func (c *commandScan) inside(word shell.Word) {
	for _, s := range shaped(word.Text) {
		c.add(word, s.Start, s.End, strings.TrimPrefix(s.Rule, "value:"))
	}
}

// assignment finds NAME=VALUE, --name=value, -Dname=value, and one of these as a
// value itself: -eNAME=VALUE, --set=auth.password=value.
func (c *commandScan) assignment(word shell.Word) {
	from := 0
	for range maxNesting {
		name, value, found := strings.Cut(word.Text[from:], "=")
		if !found || strings.ContainsAny(name, " \t\n'\"") {
			break
		}
		at := from + len(name) + 1
		if isCredentialFlag(strings.TrimPrefix(strings.TrimLeft(name, "-"), "D"), value) {
			end := len(word.Text)
			if comma := strings.IndexByte(word.Text[at:], ','); comma >= 0 && strings.Contains(name, ".") && name[0] != '-' {
				end = at + comma // helm --set a.password=VALUE,b=c
			}
			c.add(word, at, end, "assignment")
			return
		}
		from = at
	}
}

// flag finds the value that follows a flag with a credential's name.
func (c *commandScan) flag(i int) {
	text := c.words[i].Text
	name := strings.TrimLeft(text, "-")
	bare := len(name) == len(text)
	if i+1 >= len(c.words) || strings.Contains(name, "=") || len(name) < 3 || bare && !redisSettings[name] {
		return
	}
	value := c.words[i+1].Text
	if slices.ContainsFunc(clientFlags[c.program], func(f clientFlag) bool { return f.flag == text }) {
		return
	}
	if strings.HasPrefix(value, "-") && !redisSettings[name] || promptsForPassword[c.program] || takenForReference().MatchString(value) {
		return
	}
	if isCredentialFlag(name, value) {
		c.add(c.words[i+1], 0, len(value), "password")
	}
}

// clientFlag finds the flags that take a password in one program only.
func (c *commandScan) clientFlag(i int) {
	text := c.words[i].Text
	for _, f := range slices.Concat(clientFlags[c.program], anyProgram) {
		rest, found := strings.CutPrefix(text, f.flag)
		switch {
		case !found || f.after != "" && !c.said(i, f.after):
		case rest != "" && f.attached && rest[0] != '-':
			c.part(c.words[i], len(f.flag), f)
		case rest == "" && f.separate && i+1 < len(c.words):
			c.part(c.words[i+1], 0, f)
		}
	}
}

// part adds the credential half of word's text, which begins at from.
func (c *commandScan) part(word shell.Word, from int, f clientFlag) {
	if f.separator != "" {
		j := strings.Index(word.Text[from:], f.separator)
		if j < 0 {
			return
		}
		from += j + len(f.separator)
	}
	c.add(word, from, len(word.Text), f.rule)
}

// said reports whether subcommand is a word before word i.
func (c *commandScan) said(i int, subcommand string) bool {
	return slices.ContainsFunc(c.words[:i], func(w shell.Word) bool { return w.Text == subcommand })
}

// position finds the credentials that are arguments without a flag.
func (c *commandScan) position(i int) {
	for _, p := range positions[c.program] {
		behind := p.at(c.words[i].Text)
		if last := i + behind; behind > 0 && last < len(c.words) {
			c.add(c.words[last], 0, len(c.words[last].Text), p.rule)
		}
	}
}
