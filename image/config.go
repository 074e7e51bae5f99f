package image

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/images"
)

// said is what an image's config says, from wherever it came. Of its environment there
// are only the names: what a variable is set to is nobody's business here. It is what the
// cache holds, as JSON.
type said struct {
	OS         string
	Entrypoint []string `json:",omitempty"`
	Command    []string `json:",omitempty"`
	Shell      []string `json:",omitempty"`
	Variables  []string `json:",omitempty"`
	Test       []string `json:",omitempty"`
	OnBuild    []string `json:",omitempty"`
	HasShell   images.Answer
}

// config is what the rewrite needs of an image called name: of the variables those that
// clash with a file of the image's own reading.
func (s said) config(name string) (images.Config, string) {
	if s.OS == "windows" {
		return images.Config{}, "it is for Windows"
	}
	c := images.Config{Entrypoint: s.Entrypoint, Command: s.Command, Shell: s.Shell, Healthcheck: s.Test, HasShell: s.HasShell, OnBuild: s.OnBuild}
	for _, variable := range s.Variables {
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

// namesOf are the names of NAME=VALUE entries.
func namesOf(environment []string) []string {
	var names []string
	for _, entry := range environment {
		name, _, _ := strings.Cut(entry, "=")
		names = append(names, name)
	}
	return names
}

// findShell tells whether the steps that made the image show a shell in it: one was run,
// or is what it runs. A build that ran nothing leaves it open.
func (s *said) findShell(history []string) {
	steps := append(slices.Clone(history), strings.Join(s.Entrypoint, " "), strings.Join(s.Command, " "))
	if slices.ContainsFunc(steps, ranShell) {
		s.HasShell = images.Yes
	}
}

// ranShell reads how builders write a step down: classic ones as the command
// line, with "#(nop)" for what runs nothing, BuildKit as the instruction.
func ranShell(step string) bool {
	step = strings.TrimSpace(step)
	if rest, found := strings.CutPrefix(step, "/bin/sh -c #(nop)"); found {
		step = strings.TrimSpace(rest)
		return step == `CMD ["bash"]` || step == `CMD ["/bin/bash"]` || step == `CMD ["/bin/sh"]` || step == `CMD ["sh"]`
	}
	switch step {
	case `CMD ["/bin/bash"]`, "bash", "/bin/bash", "sh", "/bin/sh", `CMD ["bash"]`, `CMD ["/bin/sh"]`, `CMD ["sh"]`:
		return true
	}
	return strings.HasPrefix(step, "/bin/sh -c ") || strings.HasPrefix(step, "RUN /bin/sh -c ") ||
		strings.HasPrefix(step, "RUN |") && strings.Contains(step, " /bin/sh -c ")
}
