package dockerfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// reader reads one Dockerfile from top to bottom.
type reader struct {
	build  Build
	lex    *shell.Lex
	global variables // the ARGs before the first FROM
	stages []stage
}

// stage is a FROM with the instructions up to the next.
type stage struct {
	name   string
	from   string // as written
	line   int
	parent int // the stage that it is built on; -1 for an image
	steps  []step

	sources []string // patterns of what it takes from the build context; "" for all of it
	uses    []string // the stages that it takes files of, by name or number
}

// step is an instruction that matters to the way the image runs.
type step struct {
	command any // of package instructions, or one of those below
	line    int
}

// shellRun is a RUN through a shell, rootCopy a COPY or ADD into a folder where a shell
// may be.
type (
	shellRun struct{}
	rootCopy struct{}
)

// read takes in one instruction. Those that do not matter here are not looked at, so
// that one which this parser does not know is no fault.
func (r *reader) read(node *parser.Node) error {
	if last := len(r.stages) - 1; last >= 0 {
		r.stages[last].noteSources(node)
	}
	command, err := instruction(node)
	if err != nil || command == nil {
		return err
	}
	switch c := command.(type) {
	case *instructions.Stage:
		base, _ := r.expand(c.BaseName, r.global)
		r.stages = append(r.stages, stage{name: c.Name, from: c.BaseName, line: node.StartLine, parent: r.stageNamed(base)})
		return nil
	case *instructions.ArgCommand:
		if len(r.stages) == 0 {
			for _, arg := range c.Args {
				r.declare(r.global, nil, arg)
			}
			return nil
		}
	}
	if len(r.stages) == 0 {
		return fmt.Errorf("an instruction before FROM")
	}
	last := &r.stages[len(r.stages)-1]
	last.steps = append(last.steps, step{command, node.StartLine})
	return nil
}

// instruction is node as a value of package instructions, a shellRun or a rootCopy, or
// nil for what does not matter.
func instruction(node *parser.Node) (any, error) {
	switch strings.ToLower(node.Value) {
	case "from", "arg", "env", "cmd", "entrypoint", "healthcheck", "shell", "user", "onbuild":
		return instructions.ParseInstruction(node)
	case "run":
		if !node.Attributes["json"] {
			return shellRun{}, nil
		}
	case "copy", "add":
		if mayHoldShell(node) {
			return rootCopy{}, nil
		}
	}
	return nil, nil
}

// mayHoldShell tells whether a COPY or ADD may bring /bin/sh: its target is the root or a
// folder for programs, or depends on a variable.
func mayHoldShell(node *parser.Node) bool {
	words := wordsOf(node)
	if len(words) < 2 {
		return false
	}
	target := "/" + strings.Trim(words[len(words)-1], "/.")
	return slices.Contains([]string{"/", "/bin", "/bin/sh", "/usr", "/usr/bin"}, target) || strings.Contains(target, "$")
}

// stageNamed is the index of the earlier stage with this name, or -1.
func (r *reader) stageNamed(name string) int {
	if _, named := r.build.Contexts[name]; named {
		return -1
	}
	return slices.IndexFunc(r.stages, func(s stage) bool { return s.name != "" && strings.EqualFold(s.name, name) })
}

// target is the index of the stage to build.
func (r *reader) target() (int, error) {
	switch {
	case len(r.stages) == 0:
		return 0, fmt.Errorf("%s: it has no FROM", r.build.Name)
	case r.build.Target == "":
		return len(r.stages) - 1, nil
	}
	if i := r.stageNamed(r.build.Target); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s: it has no stage %q, which target: names", r.build.Name, r.build.Target)
}
