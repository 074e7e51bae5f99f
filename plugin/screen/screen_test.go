package screen

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Text must be broken at blanks, and lines after the first be indented.
func TestPrintWraps(t *testing.T) {
	var out bytes.Buffer
	s := Plain(&out, 24)
	s.Print(6, Span{Text: "lost  "}, Span{Text: "web, worker: "}, Span{Text: "no privileged on Swarm"})
	want := "lost  web, worker: no\n      privileged on\n      Swarm\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if s.Lines() != 3 {
		t.Errorf("Lines() = %d, want 3", s.Lines())
	}
}

// A word that is wider than the screen must be broken, all of it shown, and a blank that
// holds its neighbours together must never be a line's end.
func TestPrintKeepsEverything(t *testing.T) {
	long := strings.Repeat("abcdefghi_", 12)
	for width := 10; width < 90; width++ {
		var out bytes.Buffer
		Plain(&out, width).Print(4, Span{Text: "x: "}, Span{Text: long}, Span{Text: " and y" + NoBreak + "+3"})
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
				t.Fatalf("width %d: a line of %d columns", width, n)
			}
			if strings.HasPrefix(strings.TrimSpace(line), "+3") {
				t.Fatalf("width %d: broken before +3", width)
			}
		}
		if got := strings.Join(strings.Fields(out.String()), ""); !strings.Contains(got, long) {
			t.Fatalf("width %d: the long word is cut", width)
		}
	}
}

// A path that fits on a line must be whole, on a line of its own if it has to be.
func TestPrintKeepsPathsWhole(t *testing.T) {
	path := "/srv/applications/production/" + strings.Repeat("folder/", 6) + "file.yml"
	for width := len(path); width < 2*len(path); width++ {
		for _, before := range []string{"", "breaks     ", "breaks     a few words: ", strings.Repeat("word ", 20)} {
			var out bytes.Buffer
			Plain(&out, width).Print(11, Span{Text: before}, Span{Text: path + " and"}, Span{Text: " more"})
			if !strings.Contains(out.String(), path) {
				t.Fatalf("width %d: the path is broken:\n%s", width, out.String())
			}
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
					t.Fatalf("width %d: a line of %d columns", width, n)
				}
			}
		}
	}
}

// A table must fit the screen, with whole cells.
func TestTableFits(t *testing.T) {
	columns := []Column{{Head: "SECRET"}, {Head: "SERVICES"}, {Head: "FROM"}}
	row := []string{strings.Repeat("name_", 12), "web, worker, scheduler", ".env.production"}
	for width := 40; width < 120; width += 7 {
		var out bytes.Buffer
		Plain(&out, width).Table(columns, [][]string{row})
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
				t.Fatalf("width %d: a line of %d columns", width, n)
			}
		}
	}
	var out bytes.Buffer
	Plain(&out, 80).Table(columns, [][]string{{"db_password", "web", ".env"}})
	want := "SECRET       SERVICES  FROM\ndb_password  web       .env\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Colour must be on a terminal only, and change no text.
func TestColour(t *testing.T) {
	var plain, coloured bytes.Buffer
	Plain(&plain, 80).Print(0, Span{Text: "lost", Style: Yellow})
	s := Plain(&coloured, 80)
	s.colour = true
	s.Print(0, Span{Text: "lost", Style: Yellow})
	if plain.String() != "lost\n" || coloured.String() != "\x1b[33mlost\x1b[0m\n" {
		t.Errorf("plain %q, coloured %q", plain.String(), coloured.String())
	}
}
