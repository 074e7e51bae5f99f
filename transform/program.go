package transform

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/shell"
)

// program is what a service runs: the words of its entrypoint, then those of its
// command.
type program struct {
	entrypoint, command     []string
	entryKnown              bool // entrypoint is all that runs before command
	commandKnown            bool
	newEntrypoint           bool // is not what the compose file and the image say
	newCommand              bool
	authorEntry, authorArgs bool // the compose file gives them
}

// programOf returns what the compose file says, completed with what the image says.
// An entrypoint in the compose file makes the image's command void.
func programOf(service map[string]any, image images.Config, entryKnown, commandKnown bool) program {
	p := program{authorEntry: service["entrypoint"] != nil, authorArgs: service["command"] != nil}
	p.entrypoint, p.entryKnown = shell.Words(service["entrypoint"])
	p.command, p.commandKnown = shell.Words(service["command"])
	if isEmptyEntrypoint(p.entrypoint) {
		p.entrypoint = nil
	}
	if p.authorEntry {
		return p
	}
	p.entryKnown = entryKnown
	if entryKnown {
		p.entrypoint = slices.Clone(image.Entrypoint)
	}
	if !p.authorArgs {
		p.commandKnown = commandKnown
		p.command = slices.Clone(image.Command)
	}
	return p
}

// isEmptyEntrypoint tells whether words are the way to write "no entrypoint".
func isEmptyEntrypoint(words []string) bool { return len(words) == 1 && words[0] == "" }

// known tells whether everything that runs is known and there is something that
// runs.
func (p program) known() bool {
	return p.entryKnown && p.commandKnown && len(p.entrypoint)+len(p.command) > 0
}

// words returns all words that are known, in order.
func (p program) words() []string { return slices.Concat(p.entrypoint, p.command) }

// setWord replaces word i of words.
func (p *program) setWord(i int, word string) {
	if i < len(p.entrypoint) {
		p.entrypoint[i] = word
		p.newEntrypoint = true
		return
	}
	p.command[i-len(p.entrypoint)] = word
	p.newCommand = true
}

// run makes script, a text for a shell, the whole program.
func (p *program) run(script string) {
	if len(p.entrypoint) == 0 {
		p.command = []string{shimShell, "-c", script}
	} else {
		p.entrypoint, p.command = []string{shimShell, "-c"}, []string{script}
		p.newEntrypoint = true
	}
	p.newCommand = true
}

// precede puts words before everything that runs.
func (p *program) precede(words []string) {
	p.entrypoint = slices.Concat(words, p.entrypoint)
	p.newEntrypoint = true
}

// write puts what has changed into service. If the entrypoint has changed, it
// writes out the image's command too, which would be void.
func (p program) write(service map[string]any) {
	if p.newEntrypoint {
		service["entrypoint"] = anyList(p.entrypoint)
	}
	if p.newCommand || p.newEntrypoint && !p.authorEntry && !p.authorArgs && len(p.command) > 0 {
		service["command"] = anyList(p.command)
	}
}

func anyList(words []string) []any {
	list := make([]any, len(words))
	for i, word := range words {
		list[i] = word
	}
	return list
}
