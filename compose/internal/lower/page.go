package lower

import (
	"fmt"
	"io"
	"strings"
)

// sections are the chapters of the page. A rule belongs to the last one whose
// prefix its key has.
//
//nolint:gochecknoglobals // a table, never written
var sections = []struct{ prefix, title string }{
	{"", "Top level"},
	{"services.*.", "Services"},
	{"services.*.healthcheck.", "Healthchecks"},
	{"services.*.networks.", "Networks of a service"},
	{"services.*.ports[]", "Ports of a service"},
	{"services.*.volumes[]", "Mounts of a service"},
	{"services.*.secrets[]", "Secrets of a service"},
	{"services.*.configs[]", "Configs of a service"},
	{"services.*.deploy.", "Deploy"},
	{"networks.*.", "Networks"},
	{"volumes.*.", "Volumes"},
	{"secrets.*.", "Secrets"},
	{"configs.*.", "Configs"},
}

const intro = `# Compose keys on a Swarm

<!-- Generated from the tables in compose/internal/lower by go generate. Do not edit. -->

What ` + "`docker secrets migrate`" + ` makes of every key of the Compose Spec, so that ` + "`docker stack deploy`" + ` takes the file.

- **kept**: the stack file has the key too, in the form that Swarm takes.
- **rewritten**: the stack file has it in another form.
- **dropped**: the Swarm does without it; nothing is lost.
- **lost**: the Swarm cannot do it. ` + "`--strict`" + ` makes it an error.

A key that is not listed shares the fate of the one above it. ` + "`*`" + ` is a name that you choose, ` + "`[]`" + ` an entry of a list.
Keys that begin with ` + "`x-`" + ` are left out, but for those of docker secrets. What neither Compose nor Swarm knows is dropped and reported.
`

const codesIntro = `
## Codes

The report of ` + "`docker secrets migrate`" + ` names each change to a key by a code, which stays the same from release to release
(` + "`--format json`" + ` has it as ` + "`code`" + `). What it says of secrets has codes of its own.

| code | loss | |
| --- | --- | --- |
`

// WritePage writes the page for users that says what becomes of every key,
// and the codes of the changes.
func WritePage(w io.Writer) error {
	var b strings.Builder
	b.WriteString(intro)
	for i, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n\n| key | on a Swarm | |\n| --- | --- | --- |\n", s.title)
		for _, r := range rules() {
			if section(r.key) == i {
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.key, r.fate, remark(r))
			}
		}
	}
	b.WriteString(codesIntro)
	for _, c := range codes {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.name, c.loss, c.text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// section returns the index of the rule's section.
func section(key string) int {
	at := 0
	for i, s := range sections {
		if strings.HasPrefix(key, s.prefix) {
			at = i
		}
	}
	return at
}

// remark returns the text of a rule without the word that the second column of the table
// has already.
func remark(r rule) string {
	text := strings.TrimPrefix(r.text, string(r.fate))
	text = strings.TrimPrefix(text, "dropped")
	text = strings.TrimLeft(text, ":;, ")
	return strings.ReplaceAll(text, "|", `\|`)
}
