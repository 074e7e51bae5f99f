package check

import (
	"fmt"
	"io"
	"strings"
)

const pageIntro = `# What docker secrets check looks at

<!-- Generated from the tables in check by go generate. Do not edit. -->

` + "`docker secrets check`" + ` answers the ten lines of the guide's checklist. Each line has rules, and each finding names its rule.
With a stack (` + "`docker secrets check STACK`" + `) the Engine is asked too; without one, lines 5 to 9 stay open, but for what the files show.

A line gets ✓ only if all of its rules could look, there was something to look at, and nothing was found. What a baseline
(` + "`--baseline`" + `) knows does not fail the check, and still counts. So an application without secrets scores nothing.

No value is printed, stored or given to another program: values are compared in memory.
`

// WritePage writes the page about the rules.
func WritePage(w io.Writer) error {
	var b strings.Builder
	b.WriteString(pageIntro)
	for i, line := range guideLines {
		fmt.Fprintf(&b, "\n## %d. %s\n", i+1, line)
		for _, r := range Rules() {
			if r.Line == i+1 {
				fmt.Fprintf(&b, "\n### %s\n\n%s: %s. %s\n\n    %s\n", r.ID, r.Severity, r.Title, r.Why, r.Fix)
			}
		}
		for _, u := range beyond {
			if u.Line == i+1 {
				fmt.Fprintf(&b, "\n- Cannot be checked from here: %s. See [%s](%s).\n", u.What, strings.TrimPrefix(u.Link, pages), strings.TrimPrefix(u.Link, pages))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
