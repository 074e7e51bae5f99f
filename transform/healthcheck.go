package transform

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// rewriteHealthcheck lets the test read its secrets. A test gets the service's
// environment, not what the shim gave the program: it goes through the shim too
// when it may need a variable.
func (s *serviceRewrite) rewriteHealthcheck() {
	check := asMap(s.from["healthcheck"])
	test := testOf(check["test"])
	if test == nil {
		test = s.image.Healthcheck
	}
	if len(test) < 2 || check["disable"] == true {
		return
	}
	read := s.readTest(test)
	if s.needsShim(read) {
		read = s.throughShim(read)
	}
	if slices.Equal(read, test) {
		return
	}
	check = shallow(check)
	check["test"] = anyList(read)
	s.to["healthcheck"] = check
	s.note("healthcheck-reads-secret", "healthcheck", "rewritten: it reads the secret's file at every run")
	s.warnShell("healthcheck")
}

// testOf is a healthcheck's test as a list; nil when there is none.
func testOf(value any) []string {
	if text, ok := value.(string); ok {
		return []string{"CMD-SHELL", text}
	}
	words, _ := shell.Words(value)
	return words
}

// readTest is test with its seals read from files and its variables made anew.
func (s *serviceRewrite) readTest(test []string) []string {
	test = slices.Clone(test)
	script := shell.ScriptIn(test)
	if test[0] == "CMD-SHELL" {
		script = 1
	}
	if script >= 0 {
		test[script] = s.readScript(test[script], s.expanded(test[script]), s.testPrefix)
	}
	if test[0] == "CMD" && slices.ContainsFunc(test, seal.Has) {
		return []string{"CMD-SHELL", s.quoted(test[1:])}
	}
	if test[0] == "CMD" {
		s.warnLiteral("healthcheck.test", test, script)
	}
	return test
}

// needsShim tells whether a test may read a variable that only the shim gives:
// its text expands one, or it starts a program that may look at its environment.
func (s *serviceRewrite) needsShim(test []string) bool {
	through := s.through(DeliverEnv)
	if len(through) == 0 {
		return false
	}
	text := strings.Join(test[1:], " ")
	if slices.ContainsFunc(through, func(p delivery) bool { return shell.Expands(text, p.decision.Name) }) {
		return true
	}
	if test[0] == "CMD" && shell.ScriptIn(test) < 0 {
		return !ignoresEnvironment(test[1])
	}
	if script := shell.ScriptIn(test); script >= 0 {
		text = test[script]
	}
	for _, command := range shell.Commands(shell.WholeWord(0, text)) {
		if !ignoresEnvironment(shell.Program(command)) {
			return true
		}
	}
	return false
}

// environmentFree are programs of healthchecks which read no secret of the
// application from their environment.
//
//nolint:gochecknoglobals // a table, never written
var environmentFree = images.WordSet(`curl wget nc ncat netcat true false test [ exit echo printf grep egrep cat ls pgrep pidof ps kill
	sleep stat head tail cut tr wc ss netstat pg_isready ping getent`)

func ignoresEnvironment(program string) bool {
	return environmentFree[program[strings.LastIndexByte(program, '/')+1:]]
}

// throughShim is test with the variables that the shim gives, or that it makes itself
// where the program's script does.
func (s *serviceRewrite) throughShim(test []string) []string {
	if s.prologue {
		return s.throughScript(test)
	}
	words := append([]string{"CMD"}, shimWords()...)
	if test[0] == "CMD" {
		return append(words, test[1:]...)
	}
	shell := s.image.Shell
	if len(shell) == 0 {
		shell = []string{shimShell, "-c"}
	}
	return append(append(words, shell...), test[1:]...)
}

// throughScript is test as a script that makes the variables first.
func (s *serviceRewrite) throughScript(test []string) []string {
	var head strings.Builder
	for _, p := range s.through(DeliverEnv) {
		head.WriteString(s.testPrefix(p) + "; ")
	}
	script := shell.ScriptIn(test)
	if test[0] == "CMD-SHELL" {
		script = 1
	}
	if script < 0 {
		return []string{"CMD-SHELL", head.String() + s.quoted(test[1:])}
	}
	test = slices.Clone(test)
	test[script] = head.String() + test[script]
	return test
}
