package image

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// said is what a config says, from wherever it came.
type said struct {
	os                         string
	entrypoint, command, shell []string
	environment                []string // NAME=VALUE
	test                       []string
	history                    []string // the steps that made it
}

// config keeps what the rewrite needs: of the environment only the names, and
// only those that clash with a file of name's own reading.
func (s said) config(name string) (images.Config, string) {
	if s.os == "windows" {
		return images.Config{}, "it is for Windows"
	}
	c := images.Config{Entrypoint: s.entrypoint, Command: s.command, Shell: s.shell, Healthcheck: s.test, HasShell: s.hasShell()}
	for _, entry := range s.environment {
		variable, _, _ := strings.Cut(entry, "=")
		if _, ok := images.NativeFor(name, variable); ok {
			c.Variables = append(c.Variables, variable)
		}
	}
	slices.Sort(c.Variables)
	if len(c.Healthcheck) == 1 && c.Healthcheck[0] == "NONE" {
		c.Healthcheck = nil
	}
	return c, ""
}

// hasShell tells whether the steps that made the image show a shell in it: one
// was run, or is what it runs. A build that ran nothing leaves it open.
func (s said) hasShell() images.Answer {
	steps := append(slices.Clone(s.history), strings.Join(s.entrypoint, " "), strings.Join(s.command, " "))
	if slices.ContainsFunc(steps, ranShell) {
		return images.Yes
	}
	return images.NotKnown
}

// ranShell reads how builders write a step down: classic ones as the command
// line, with "#(nop)" for what runs nothing, BuildKit as the instruction.
func ranShell(step string) bool {
	step = strings.TrimSpace(step)
	if rest, found := strings.CutPrefix(step, "/bin/sh -c #(nop)"); found {
		step = strings.TrimSpace(rest)
		return step == `CMD ["bash"]` || step == `CMD ["/bin/sh"]` || step == `CMD ["sh"]`
	}
	switch step {
	case "bash", "/bin/bash", "sh", "/bin/sh", `CMD ["bash"]`, `CMD ["/bin/sh"]`, `CMD ["sh"]`:
		return true
	}
	return strings.HasPrefix(step, "/bin/sh -c ") || strings.HasPrefix(step, "RUN /bin/sh -c ") ||
		strings.HasPrefix(step, "RUN |") && strings.Contains(step, " /bin/sh -c ")
}
