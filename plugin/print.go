package plugin

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// The words for people go to stderr, results to stdout. Tables are the docker
// CLI's: capitals above, three blanks between. A warning is one line: where, what
// was done, what to do. Nothing is coloured.

// newTable writes columns as `docker secret ls` does.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 10, 1, 3, ' ', 0) }

// printMigrate tells the owner of the application what became of it.
func printMigrate(w io.Writer, r migrateReport) {
	for _, note := range r.Notes {
		_, _ = fmt.Fprintln(w, "note: "+note)
	}
	printMoved(w, r)
	printKept(w, r)
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
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t/run/secrets/%s\t%s\t%s\n", v.Service, v.Variable, v.Secret, v.Target, v.Delivery, v.From)
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

// printWarnings groups them by service, the application's own first.
func printWarnings(w io.Writer, warnings []warningReport) {
	var services []string
	byService := map[string][]warningReport{}
	for _, one := range warnings {
		if _, ok := byService[one.Service]; !ok {
			services = append(services, one.Service)
		}
		byService[one.Service] = append(byService[one.Service], one)
	}
	for _, service := range services {
		heading := service
		if service == "" {
			heading = "the application"
		}
		_, _ = fmt.Fprintf(w, "%s:\n", heading)
		for _, one := range byService[service] {
			_, _ = fmt.Fprintf(w, "  %s: %s\n", one.Path, one.Message)
		}
	}
	if len(warnings) > 0 {
		_, _ = fmt.Fprintln(w)
	}
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
	if len(r.Warnings) > 0 {
		parts = append(parts, counted(len(r.Warnings), "warning"))
	}
	_, _ = fmt.Fprintln(w, strings.Join(parts, ", "))
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
