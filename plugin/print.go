package plugin

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/docker-secrets/docker-secrets/transform"
)

// The words for people go to stderr, results to stdout. Tables are the docker
// CLI's: capitals above, three blanks between. A warning is one line: where, what
// was done, what to do. Nothing is coloured.

// newTable writes columns as `docker secret ls` does.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 10, 1, 3, ' ', 0) }

// printMigrate tells the owner of the application what became of it.
func printMigrate(out io.Writer, r migrateReport) {
	w := bufio.NewWriter(out)
	defer func() { _ = w.Flush() }()
	printUnread(w, r.unread)
	for _, note := range r.Notes {
		_, _ = fmt.Fprintln(w, "note: "+note)
	}
	if len(r.Kept) > 0 {
		_, _ = fmt.Fprintln(w, "kept, value not available here: "+strings.Join(r.Kept, ", "))
	}
	printMoved(w, r)
	printKept(w, r)
	printInClear(w, r)
	printWarnings(w, r.Warnings)
	printSummary(w, r)
}

func printMoved(w io.Writer, r migrateReport) {
	if len(r.Secrets) == 0 {
		return
	}
	table := newTable(w)
	_, _ = fmt.Fprintln(table, "SERVICE\tVARIABLE\tSECRET\tREAD FROM\tDELIVERY\tVALUE FROM")
	for _, v := range r.Variables {
		if v.Secret != "" {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t/run/secrets/%s\t%s\t%s\n", v.Service, v.Variable, v.Secret, v.Target, v.Delivery, cmp.Or(v.taken, v.From))
		}
	}
	_ = table.Flush()
	_, _ = fmt.Fprintln(w)
}

// printKept lists what is in doubt, with what to type to decide it.
func printKept(w io.Writer, r migrateReport) {
	for _, v := range r.Variables {
		if v.Verdict != "maybe" {
			continue
		}
		name := v.Service + "." + v.Variable
		if v.Secret != "" {
			_, _ = fmt.Fprintf(w, "maybe a secret, moved: %s (%s); if it is none: --plain %s\n", name, v.Rule, name)
		} else {
			_, _ = fmt.Fprintf(w, "maybe a secret, kept: %s (%s); if it is one: --secret %s\n", name, v.Rule, name)
		}
	}
}

// printInClear lists what no compose file showed before and the stack file does.
func printInClear(w io.Writer, r migrateReport) {
	var services []string
	names := map[string][]string{}
	for _, v := range r.Variables {
		if !v.InClear {
			continue
		}
		if len(names[v.Service]) == 0 {
			services = append(services, v.Service)
		}
		names[v.Service] = append(names[v.Service], v.Variable)
	}
	for _, service := range services {
		_, _ = fmt.Fprintf(w, "now in clear in %s: %s\n", service, strings.Join(names[service], ", "))
	}
	if len(services) > 0 {
		_, _ = fmt.Fprintln(w)
	}
}

// manyServices is from how many services on the same words are said once.
const manyServices = 3

// printWarnings groups them by service, the application's own first. A "!" marks
// what is lost on Swarm. What is the same for many services is said once.
func printWarnings(w io.Writer, warnings []warningReport) {
	warnings = slices.DeleteFunc(slices.Clone(warnings), func(w warningReport) bool { return w.Code == transform.CodeUnread }) // said first
	warnings = slices.SortedStableFunc(slices.Values(warnings), func(a, b warningReport) int { return strings.Compare(a.Service, b.Service) })
	said := map[string][]string{} // code and message → services
	for _, warning := range warnings {
		key := warning.Code + "\x00" + warning.Message
		services := said[key] // in order, so one that is there already is the last
		if warning.Service != "" && (len(services) == 0 || services[len(services)-1] != warning.Service) {
			said[key] = append(services, warning.Service)
		}
	}
	heading := "\x00"
	for _, warning := range warnings {
		services := said[warning.Code+"\x00"+warning.Message]
		if len(services) >= manyServices {
			continue
		}
		if warning.Service != heading {
			heading = warning.Service
			_, _ = fmt.Fprintf(w, "%s:\n", cmp.Or(heading, "the application"))
		}
		_, _ = fmt.Fprintf(w, "%s %s: %s\n", mark(warning), warning.Path, warning.Message)
	}
	printShared(w, warnings, said)
	if len(warnings) > 0 {
		_, _ = fmt.Fprintln(w)
	}
}

// printShared says what is the same for many services.
func printShared(w io.Writer, warnings []warningReport, said map[string][]string) {
	for _, warning := range warnings {
		key := warning.Code + "\x00" + warning.Message
		services := said[key]
		if len(services) < manyServices {
			continue
		}
		delete(said, key)
		_, _ = fmt.Fprintf(w, "%s:\n%s %s\n", strings.Join(services, ", "), mark(warning), warning.Message)
	}
}

func mark(warning warningReport) string {
	if warning.Loss {
		return "  !"
	}
	return "   "
}

func printSummary(w io.Writer, r migrateReport) {
	moved, plain := 0, 0
	for _, v := range r.Variables {
		if v.Secret != "" {
			moved++
		} else if v.State != "unset" {
			plain++
		}
	}
	parts := []string{
		counted(len(r.Secrets), "secret"), counted(moved, "variable") + " moved", counted(plain, "variable") + " kept",
	}
	losses := 0
	for _, warning := range r.Warnings {
		if warning.Loss {
			losses++
		}
	}
	if notes := len(r.Warnings) - losses; notes > 0 {
		parts = append(parts, counted(notes, "note"))
	}
	if losses > 0 {
		parts = append(parts, counted(losses, "loss"))
	}
	_, _ = fmt.Fprintln(w, strings.Join(parts, ", "))
}

// counted is n of the things called noun: 1 secret, 2 losses.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "s") {
		noun += "e"
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// indent is text with two blanks before each line.
func indent(text string) string {
	return "  " + strings.ReplaceAll(text, "\n", "\n  ")
}
