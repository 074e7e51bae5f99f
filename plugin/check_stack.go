package plugin

import (
	"bytes"
	"context"
	"os"
	"path/filepath"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// stackAtHand is the stack file of an application.
type stackAtHand struct {
	path    string // absolute
	content []byte // nil for none
	outline stackfile.Outline
	fault   string // why it cannot be read
}

// readStackAtHand reads the stack file that -c names, or the one beside the compose file.
func (i *inspection) readStackAtHand() {
	s := &i.stack
	s.path = filepath.Join(i.app.app.OutputDir(), defaultOutput)
	if i.options.stackFile != "" {
		s.path = i.options.stackFile
		if !filepath.IsAbs(s.path) {
			s.path = filepath.Join(i.options.load.Dir, s.path)
		}
	}
	content, err := regular.Read(s.path)
	switch {
	case os.IsNotExist(err):
		return
	case err != nil:
		s.fault = i.app.app.Show(s.path) + " cannot be read: " + reason(err)
		return
	}
	s.content = content
	if s.outline, err = stackfile.ParseOutline(i.app.app.Show(s.path), content); err != nil {
		s.fault = err.Error()
	}
}

// stackFacts is what the rules ask about the stack file.
func (i *inspection) stackFacts(ctx context.Context) check.Stack {
	i.readStackAtHand()
	s := i.stack
	facts := check.Stack{File: filepath.ToSlash(i.app.app.Show(s.path))}
	switch {
	case s.fault != "":
		facts.Blind = s.fault
		return facts
	case s.content == nil:
		facts.Missing = len(i.app.decisions.Secrets) > 0
		facts.Blind = "there is no stack file " + facts.File
		return facts
	}
	i.outlined(&facts)
	state, _ := stackfile.Inspect(s.content)
	facts.Edited, facts.Foreign = state == stackfile.Edited, state == stackfile.Foreign
	if facts.Foreign {
		facts.StaleBlind = facts.File + " was not made by docker secrets, so it is unknown whether it is up to date"
		return facts
	}
	facts.Stale, facts.StaleBlind = staleness(ctx, i.cli, i.options.load, s.path, s.content)
	return facts
}

// outlined fills in what the file itself says.
func (i *inspection) outlined(facts *check.Stack) {
	at := func(line, column int) check.Place { return check.Place{File: facts.File, Line: line, Column: column} }
	for _, s := range i.stack.outline.Secrets {
		facts.Declared = append(facts.Declared, check.Declared{Name: s.Name, Object: s.Object, External: s.External, From: s.From, Place: at(s.Line, s.Column)})
	}
	for _, r := range i.stack.outline.Services {
		service := check.Service{Name: r.Name, User: r.User}
		for _, g := range r.Grants {
			service.Grants = append(service.Grants, check.Grant{
				Secret: g.Name, Target: g.Target, Place: at(g.Line, g.Column), Used: g.Read, Owner: g.UID, Group: g.GID, Mode: g.Mode, Stated: g.HasMode,
			})
		}
		facts.Services = append(facts.Services, service)
	}
	for _, e := range i.stack.outline.Unread {
		facts.Unread = append(facts.Unread, check.Named{Name: e.Name, Place: at(e.Line, e.Column)})
	}
	for _, e := range i.stack.outline.InClear {
		facts.InClear = append(facts.InClear, check.Named{Name: e.Name, Place: at(e.Line, e.Column)})
	}
}

// staleness tells whether migrate would write another stack file than content, which is
// at path. blind says why that is not known. Nobody is asked about images: what was
// looked up is in the file.
func staleness(ctx context.Context, dockerCLI command.Cli, load compose.Options, path string, content []byte) (stale bool, blind string) {
	options := migrateOptions{load: load, output: path, offline: true}
	options.load.Output = path
	memory := options.remember(ctx, func(string) bool { return false })
	app, err := compose.Load(ctx, options.load)
	if err != nil {
		return false, "not known whether the stack file is up to date: " + err.Error()
	}
	file, err := openOutput(app, options)
	if err != nil {
		return false, err.Error()
	}
	output, err := migrate(ctx, dockerCLI, app, file, options, localSources(ctx, app.OutputDir(), options.load.Environ), memory)
	if err != nil {
		return false, "not known whether the stack file is up to date: " + err.Error()
	}
	made, err := output.render(ctx, app, file, options)
	if err != nil {
		return false, "not known whether the stack file is up to date: " + err.Error()
	}
	return !bytes.Equal(made, content), ""
}
