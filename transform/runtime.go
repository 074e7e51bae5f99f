package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// A service's command, entrypoint and healthcheck use secrets in two ways: the
// value was interpolated into them, where a seal stands now, or their own shell
// expands a variable that is no longer there.

// rewriteProgram lets command and entrypoint read their secrets at run time.
func (s *serviceRewrite) rewriteProgram() {
	words := s.program.words()
	changed := false
	script := shell.ScriptIn(words)
	if script >= 0 {
		if read := s.readScript(words[script], s.missing(words[script]), s.commandPrefix); read != words[script] {
			s.program.setWord(script, read)
			changed = true
		}
	}
	words = s.program.words()
	if slices.ContainsFunc(words, seal.Has) && s.mayRunInShell() {
		s.program.run(s.quoted(words))
		changed = true
	}
	s.dropCutOff()
	if changed {
		s.note("command-reads-secret", s.program.key(), "rewritten: it reads the secret's file when it starts")
		s.warnShell(s.program.key())
	}
	s.warnLiteral(s.program.key(), words, script)
}

// dropCutOff writes in words what has a secret only in the part of its text that
// Compose drops: what follows ; & | < or >.
func (s *serviceRewrite) dropCutOff() {
	cutOff := func(key string) bool {
		text, _ := s.from[key].(string)
		words, _ := shell.Words(text)
		return seal.Has(text) && !slices.ContainsFunc(words, seal.Has)
	}
	s.program.newCommand = s.program.newCommand || cutOff("command")
	s.program.newEntrypoint = s.program.newEntrypoint || cutOff("entrypoint")
}

// mayRunInShell tells whether what the service runs can be given to a shell as a
// whole, and says why if it cannot.
func (s *serviceRewrite) mayRunInShell() bool {
	switch {
	case !s.program.entryKnown:
		cause, detail := s.unknownProgram()
		s.note("command-not-rewritten", s.program.key(), Unread{Cause: cause, Detail: detail}.Why()+"; set entrypoint: in the compose file, or pull the image and migrate again")
	case s.shell == images.No:
		s.note("command-not-rewritten", s.program.key(), "the image has no shell to read a file; pass the file's name if the program supports that")
	default:
		return true
	}
	return false
}

// readScript is a text for a shell with its seals read from files, behind what
// prefix gives for the variables that are gone.
func (s *serviceRewrite) readScript(text string, gone []delivery, prefix func(delivery) string) string {
	files := scriptFiles{of: s}
	read, ok := shell.ReadSeals(text, files.file)
	if !ok {
		files = scriptFiles{of: s}
		read = "exec " + shimShell + " -c " + shell.DoubleQuoted(text, files.file) + ` "$0" "$@"`
	}
	end := "; "
	if strings.Contains(strings.TrimSpace(text), "\n") {
		end = "\n"
	}
	var head strings.Builder
	for _, p := range gone {
		head.WriteString(prefix(p) + end)
	}
	return head.String() + files.hold(end) + read
}

// missing are the variables that the script of the service's program has to make: those
// that it expands, and all of them if it is the place where env delivery makes them.
func (s *serviceRewrite) missing(text string) []delivery {
	expanded := s.expanded(text)
	if !s.prologue {
		return expanded
	}
	return append(s.through(DeliverEnv), expanded...)
}

// expanded are the variables that text expands and that the shim does not give.
func (s *serviceRewrite) expanded(text string) []delivery {
	var gone []delivery
	for _, p := range s.deliveries {
		if !wayOf(p.kind).gives && shell.IsIdentifier(p.decision.Name) && shell.Expands(text, p.decision.Name) {
			gone = append(gone, p)
		}
	}
	return gone
}

// warnLiteral reports the variables whose $NAME no shell expands.
func (s *serviceRewrite) warnLiteral(key string, words []string, script int) {
	for _, p := range s.deliveries {
		for i, word := range words {
			if i != script && shell.Expands(word, p.decision.Name) {
				s.note("literal-variable", key, fmt.Sprintf("no shell expands $%s here; use sh -c, or read %s", p.decision.Name, p.path()))
				break
			}
		}
	}
}

// warnShell says that something rewritten needs a shell that may not be there.
func (s *serviceRewrite) warnShell(key string) {
	if s.shell == images.NotKnown {
		s.note(codeShell, key, "starts through /bin/sh, and nothing shows that the image has it; --deliver "+s.name+"=env if it has")
		s.r.lose(s.name)
	}
}

// key is the place that people look at: the author's command, else his entrypoint.
func (p program) key() string {
	if p.authorEntry && !p.authorArgs {
		return "entrypoint"
	}
	return "command"
}
