package plugin

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// The report of every case must fit 80 columns, whatever the names are, and so must all
// that --verbose adds.
func TestReportFits80Columns(t *testing.T) {
	for _, c := range goldenCases(t) {
		dir := c.unpack(t)
		for _, more := range [][]string{{"-o", "fits.yml"}, {"-o", "fits.yml", "--verbose"}, {"-o", "fits.yml", "--check"}} {
			result := execute(t, dir, c.environ, c.command(more...)...)
			if result.exit == 1 || result.exit == 2 {
				continue // errors are not wrapped
			}
			for line := range strings.Lines(result.stderr) {
				if utf8.RuneCountInString(strings.TrimRight(line, "\n")) > 80 {
					t.Errorf("%s %v: wider than 80 columns:\n%s", c.name, more, line)
				}
			}
		}
	}
}

// Every finding must be told: in a line of its kind or in a count in the report, in full
// with --verbose and in JSON.
func TestReportTellsEveryFinding(t *testing.T) {
	for _, c := range goldenCases(t) {
		dir := c.unpack(t)
		asJSON := execute(t, dir, c.environ, c.command("-o", "told.yml", "--format", "json")...)
		if asJSON.exit != 0 {
			continue
		}
		var r migrateReport
		if err := json.Unmarshal([]byte(asJSON.stdout), &r); err != nil {
			t.Fatal(err)
		}
		short := execute(t, dir, c.environ, c.command("-o", "told.yml")...).stderr
		long := strings.Join(strings.Fields(execute(t, dir, c.environ, c.command("-o", "told.yml", "--verbose")...).stderr), "")
		for _, f := range r.Findings {
			if !slices.Contains(severities, f.Severity) {
				t.Errorf("%s: %s has the severity %q", c.name, f.Code, f.Severity)
			}
			if !strings.Contains(long, strings.Join(strings.Fields(f.Message), "")) {
				t.Errorf("%s: --verbose lacks %s: %s", c.name, f.Code, f.Message)
			}
			if f.Severity != note && !strings.Contains(short, string(f.Severity)) {
				t.Errorf("%s: the report lacks %s: %s", c.name, f.Code, f.Message)
			}
		}
		for _, s := range r.Secrets {
			if start := s.Name[:min(len(s.Name), 24)]; !strings.Contains(short, start) { // a long one is wrapped in its column
				t.Errorf("%s: the report lacks the secret %s", c.name, s.Name)
			}
		}
	}
}
