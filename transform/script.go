package transform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// scriptFiles are the secrets that one script reads. Those with a line end at their
// end are read into variables before it, for no $( ) in its text would keep that.
type scriptFiles struct {
	of   *serviceRewrite
	held []string // names of secrets, in the order in which the script has them
}

// file is where the script finds the secret called name.
func (f *scriptFiles) file(name string) shell.File {
	file := shell.File{Path: f.of.pathOf(name)}
	if !f.of.r.endsLine(name) {
		return file
	}
	at := slices.Index(f.held, name)
	if at < 0 {
		at = len(f.held)
		f.held = append(f.held, name)
	}
	file.Held = fmt.Sprintf("_ds%d", at+1)
	return file
}

// hold are the commands that go before the script, each with end behind it.
func (f *scriptFiles) hold(end string) string {
	var head strings.Builder
	for _, name := range f.held {
		head.WriteString(f.file(name).Hold() + end)
	}
	return head.String()
}

// quoted is the script that gives words to a program.
func (s *serviceRewrite) quoted(words []string) string {
	files := scriptFiles{of: s}
	command := "exec " + shell.Quote(words, files.file)
	return files.hold("; ") + command
}

// testPrefix makes a variable for a healthcheck and what it starts.
func (s *serviceRewrite) testPrefix(p delivery) string {
	return s.assign(p) + "; export " + p.decision.Name
}

// commandPrefix makes a variable for a command. It is not exported where the
// image takes the variable beside the file for a mistake.
func (s *serviceRewrite) commandPrefix(p delivery) string {
	if p.kind == DeliverNative && p.both != images.BothFile {
		return s.assign(p)
	}
	return s.testPrefix(p)
}

// assign gives the variable of p the text of its file.
func (s *serviceRewrite) assign(p delivery) string {
	name, file := p.decision.Name, shell.File{Path: p.path()}
	if !s.r.endsLine(p.decision.Secret) {
		return fmt.Sprintf(`%s="%s"`, name, file.Read())
	}
	file.Held = name
	return fmt.Sprintf(`%s; %s="%s"`, file.Hold(), name, file.Read())
}

// endsLine tells whether the value of the secret called name has a line end at its end.
func (r *rewriter) endsLine(name string) bool {
	at, found := slices.BinarySearchFunc(r.decisions.Secrets, name, func(d Declared, name string) int { return strings.Compare(d.Name, name) })
	return found && r.decisions.Secrets[at].EndsLine
}
