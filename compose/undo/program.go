package undo

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// shimWords stand before what starts through the shim.
//
//nolint:gochecknoglobals // a table, never written
var shimWords = []string{"/bin/sh", transform.ShimPath}

func throughShim(words []string) bool {
	return len(words) >= len(shimWords) && slices.Equal(words[:len(shimWords)], shimWords)
}

// shim takes back the variables that the shim makes, and the shim.
func (s *service) shim() {
	hasShim := slices.ContainsFunc(s.facts.Configs, func(m stackfile.Mount) bool { return isShim(s.u.configs[m.Name]) })
	if !hasShim {
		return
	}
	for _, mount := range s.ours() {
		for _, variable := range transform.ShimVariables(mount.Target) {
			s.give(variable, mount)
		}
	}
	if words := wordsOf(document.Entry(s.node, "entrypoint")); throughShim(words) {
		s.entrypoint(s.withoutLost(words[len(shimWords):]))
	}
	check := document.Entry(s.node, "healthcheck")
	if words := wordsOf(document.Entry(check, "test")); len(words) > 1 && words[0] == "CMD" && throughShim(words[1:]) {
		rest := words[1+len(shimWords):]
		words = append([]string{"CMD"}, rest...)
		if len(rest) == 3 && rest[0] == "/bin/sh" && rest[1] == "-c" {
			words = []string{"CMD-SHELL", rest[2]}
		}
		set(check, "test", list(words))
	}
}

// entrypoint writes what the service starts, unless it is what the image does anyway.
func (s *service) entrypoint(words []string) {
	image, known := images.EntrypointFor(s.facts.Image)
	switch {
	case len(words) == 0:
		remove(s.node, "entrypoint")
	case known && slices.Equal(undoubled(words), image.Entrypoint):
		remove(s.node, "entrypoint")
		if slices.Equal(undoubled(wordsOf(document.Entry(s.node, "command"))), image.Command) {
			remove(s.node, "command")
		}
	default:
		set(s.node, "entrypoint", list(words))
	}
}

func undoubled(words []string) []string {
	var all []string
	for _, word := range words {
		all = append(all, strings.ReplaceAll(word, "$$", "$"))
	}
	return all
}

// withoutLost is words without the env that sets variables again which a shell drops.
func (s *service) withoutLost(words []string) []string {
	if len(words) == 0 || words[0] != "env" {
		return words
	}
	for i, word := range words[1:] {
		name, text, found := strings.Cut(word, "=")
		if have, set := s.facts.Environment[name]; !found || shell.IsIdentifier(name) || !set || have != text {
			return words[1+i:]
		}
	}
	return words
}

// programs takes back what was written into commands and healthchecks to read files.
func (s *service) programs() {
	s.script()
	check := document.Entry(s.node, "healthcheck")
	if test := wordsOf(document.Entry(check, "test")); len(test) == 2 && test[0] == "CMD-SHELL" {
		if words, ok := s.called(test[1]); ok {
			set(check, "test", list(append([]string{"CMD"}, words...)))
		}
	}
	for _, node := range []*yaml.Node{document.Entry(s.node, "entrypoint"), document.Entry(s.node, "command"), document.Entry(check, "test")} {
		for _, word := range document.Sequence(node) {
			word.Value = s.withoutPrologue(word.Value)
		}
	}
}

// script takes back a script that migrate made of the words of a command.
func (s *service) script() {
	entry, command := wordsOf(document.Entry(s.node, "entrypoint")), wordsOf(document.Entry(s.node, "command"))
	if !slices.Equal(entry, []string{"/bin/sh", "-c"}) || len(command) != 1 {
		return
	}
	words, ok := s.called(command[0])
	if !ok {
		return
	}
	image, _ := images.EntrypointFor(s.facts.Image)
	n := len(image.Entrypoint)
	if n > 0 && len(words) > n && slices.Equal(words[:n], image.Entrypoint) {
		remove(s.node, "entrypoint")
		set(s.node, "command", list(words[n:]))
		return
	}
	set(s.node, "entrypoint", list(words))
	remove(s.node, "command")
}

// called are the words of a script that migrate made of them: one program, whose words
// read files. ok is false for any other script, and where a word is more than a shell's
// word.
func (s *service) called(script string) (words []string, ok bool) {
	text, found := strings.CutPrefix(script, "exec ")
	if !found || !strings.Contains(text, readFile) || strings.ContainsAny(text, "\n;&|<>`\\'") {
		return nil, false
	}
	var used []string
	for _, mount := range s.ours() {
		read := readFile + full(mount.Target) + ")"
		if object := s.u.secrets[mount.Name]; !object.Template && strings.Contains(text, read) {
			text = strings.ReplaceAll(text, read, "${"+s.u.names.of(object)+"}")
			used = append(used, mount.Name)
		}
	}
	if strings.Contains(text, readFile) || strings.Contains(text, "$$") {
		return nil, false
	}
	for word := range strings.SplitSeq(text, " ") {
		inner := strings.TrimSuffix(strings.TrimPrefix(word, `"`), `"`)
		quoted := len(inner) == len(word)-2
		if word == "" || strings.Contains(inner, `"`) || !quoted && (len(inner) != len(word) || strings.ContainsAny(word, "${}*?[]()~#!")) {
			return nil, false
		}
		words = append(words, inner)
	}
	for _, name := range used {
		s.finish(name)
	}
	return words, true
}

// readFile begins what a script has in the place of a secret, as the file writes it.
const readFile = "$$(cat "

// withoutPrologue is script without the commands at its head that make variables of
// files. The service gets these variables.
func (s *service) withoutPrologue(script string) string {
	for {
		name, rest, found := strings.Cut(script, `="`+readFile)
		path, rest, closed := strings.Cut(rest, `)"`)
		if !found || !closed || !isName(name) {
			return script
		}
		path, holds := strings.CutSuffix(path, "; echo .")
		rest, ok := afterCommand(rest)
		if holds && ok {
			if rest, ok = strings.CutPrefix(rest, name+`="$${`+name+`%.}"`); ok {
				rest, ok = afterCommand(rest)
			}
		}
		at := slices.IndexFunc(s.ours(), func(m stackfile.Mount) bool { return full(m.Target) == path })
		if !ok || at < 0 {
			return script
		}
		if exported, is := strings.CutPrefix(rest, "export "+name); is {
			rest, _ = afterCommand(exported)
		}
		s.give(name, s.ours()[at])
		script = rest
	}
}

// afterCommand is script without what ends the command before it.
func afterCommand(script string) (string, bool) {
	if rest, ok := strings.CutPrefix(script, "; "); ok {
		return rest, true
	}
	return strings.CutPrefix(script, "\n")
}
