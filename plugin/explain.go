package plugin

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// explain prints how service reads its secrets, with the lines that read the
// files in the languages that most applications are written in.
func explain(w io.Writer, service string, output *migration) error {
	decided := func(d transform.Decision) bool { return d.Service == service }
	if !slices.ContainsFunc(output.decisions.Variables, decided) {
		return fmt.Errorf("--explain %s: no such service, or it has no variables", service)
	}
	e := transform.Explain(service, output.rewritten.Delivered, output.codebase(service))
	if len(e.Deliveries) == 0 {
		_, err := fmt.Fprintf(w, "%s reads no secrets from its variables.\n", service)
		return err
	}
	for _, line := range e.Deliveries {
		_, _ = fmt.Fprintln(w, line)
	}
	for _, u := range output.rewritten.Unread {
		if u.Service == service {
			_, _ = fmt.Fprintf(w, "\nIt will start without %s: %s; %s.\n", strings.Join(u.Variables, ", "), u.Why(), u.FixFor())
		}
	}
	if e.Other != "" {
		_, _ = fmt.Fprintf(w, "\nAnother way: %s.\n", e.Other)
	}
	if len(e.Code) > 0 {
		_, _ = fmt.Fprintln(w, "\nA file holds the value, byte for byte and without a line end of its own. These lines\nread it on the Swarm, and the variable as before in development.")
	}
	for _, code := range e.Code {
		_, _ = fmt.Fprintf(w, "\n%s\n\n%s\n", code.Language, indent(strings.TrimSpace(code.Text)))
	}
	return nil
}
