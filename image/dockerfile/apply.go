package dockerfile

import (
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// state is an image's config while a Dockerfile's instructions change it.
type state struct {
	config     images.Config
	known      bool     // what it starts is known
	commandSet bool     // by this stage: its ENTRYPOINT leaves the command alone then
	own        []string // ONBUILD of this stage, for the stages built on it
}

// apply changes the config as BuildKit does.
func (s *state) apply(command any) {
	switch c := command.(type) {
	case *instructions.CmdCommand:
		s.config.Command, s.commandSet = s.words(c.ShellDependantCmdLine), true
	case *instructions.EntrypointCommand:
		s.config.Entrypoint, s.known = s.words(c.ShellDependantCmdLine), true
		if !s.commandSet {
			s.config.Command = nil
		}
	case *instructions.ShellCommand:
		s.config.Shell = c.Shell
	case *instructions.HealthCheckCommand:
		if s.config.Healthcheck = c.Health.Test; c.Health.Test[0] == "NONE" {
			s.config.Healthcheck = nil
		}
	case *instructions.OnbuildCommand:
		s.own = append(s.own, c.Expression)
	case shellRun:
		if s.shellIsPOSIX() {
			s.config.HasShell = images.Yes
		}
	case rootCopy:
		if s.config.HasShell == images.No {
			s.config.HasShell = images.NotKnown
		}
	}
}

// words are what runs: a text runs in the shell.
func (s *state) words(line instructions.ShellDependantCmdLine) []string {
	if !line.PrependShell {
		return line.CmdLine
	}
	shell := s.config.Shell
	if len(shell) == 0 {
		shell = []string{"/bin/sh", "-c"}
	}
	if s.shellIsPOSIX() {
		s.config.HasShell = images.Yes // or the image would not start
	}
	return append(slices.Clone(shell), strings.Join(line.CmdLine, " "))
}

// shellIsPOSIX tells whether the shell of RUN is one beside which there is /bin/sh.
func (s *state) shellIsPOSIX() bool {
	if len(s.config.Shell) == 0 {
		return true
	}
	switch path.Base(s.config.Shell[0]) {
	case "sh", "bash", "ash", "dash":
		return true
	}
	return false
}

// trigger applies what ONBUILD of the image or stage below says.
func (s *state) trigger(expressions []string) {
	for _, expression := range expressions {
		tree, err := parser.Parse(strings.NewReader(expression))
		if err != nil {
			continue // no builder runs it either
		}
		for _, node := range tree.AST.Children {
			if command, err := instruction(node); err == nil {
				s.apply(command)
			}
		}
	}
}
