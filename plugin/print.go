package plugin

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
)

// The words for people go to stderr, results to stdout. The report of migrate fits one
// screen: what breaks and what is lost, a row a secret, the rest in a few words, what was
// written and what comes next. --verbose has the rest.

// overview prints the report that fits one screen.
func (p printer) overview() {
	groups := groupFindings(p.r.Findings)
	p.problems(groups)
	p.secrets()
	p.notes(groups)
}

// losses prints what --strict fails on.
func (p printer) losses() {
	p.problems(groupFindings(slices.DeleteFunc(slices.Clone(p.r.Findings), func(f finding) bool { return !f.Loss })))
}

func hasLoss(all []finding) bool {
	return slices.ContainsFunc(all, func(f finding) bool { return f.Loss })
}

// shortReport is how many lines a report has that fits a screen with room to spare. One
// that has more names fewer subjects in a line, and only counts its notes.
const shortReport = 20

type printer struct {
	s *screen.Screen
	r migrateReport
}

// style of a severity, as docker compose uses colours.
func (v severity) style() screen.Style {
	switch v {
	case breaks, refused:
		return screen.Red
	case lost, maybeSecret, kept, plaintext:
		return screen.Yellow
	case note:
		return screen.Dim
	default:
		return screen.Normal
	}
}

// problems prints everything that is no note, a line a kind.
func (p printer) problems(groups []findingGroup) {
	groups = slices.DeleteFunc(slices.Clone(groups), func(g findingGroup) bool { return g.findings[0].Severity == note })
	for _, g := range groups {
		lines := 1
		if label := g.findings[0].Severity; len(groups) < 4 || len(groups) < 7 && label == breaks || label == kept {
			lines = 2
		}
		p.group(g, lines)
	}
	if len(groups) > 0 {
		p.s.Blank()
	}
}

// labelWidth is the width of the severities at the beginning of lines.
const labelWidth = 11

// group prints one group in as many lines, or more if its own words are long.
func (p printer) group(g findingGroup, lines int) {
	label := g.findings[0].Severity
	who := g.who(min(maxWho, lines+1))
	if who != "" {
		who += ": "
	}
	room := lines*(p.s.Width()-labelWidth) - utf8.RuneCountInString(who) - (lines-1)*20 // what breaking at words may waste
	p.s.Print(labelWidth, labelled(string(label), label.style()), screen.Span{Text: who}, screen.Span{Text: g.text(room)})
}

func labelled(label string, style screen.Style) screen.Span {
	return screen.Span{Text: fmt.Sprintf("%-*s", labelWidth, label), Style: style}
}

// notes prints what was decided about the project, then a line a kind if there is room for them, else how many there are of each.
func (p printer) notes(groups []findingGroup) {
	groups = slices.DeleteFunc(slices.Clone(groups), func(g findingGroup) bool { return g.findings[0].Severity != note })
	groups = slices.DeleteFunc(groups, func(g findingGroup) bool {
		isOfProject := g.findings[0].Code == "project"
		if isOfProject {
			p.group(g, 1)
		}
		return isOfProject
	})
	if len(groups) == 0 {
		return
	}
	const conclusion = 2 // what was written, and what is next
	if p.s.Lines()+len(groups)+conclusion <= shortReport {
		for _, g := range groups {
			p.group(g, 1)
		}
		return
	}
	slices.SortStableFunc(groups, func(a, b findingGroup) int { return len(b.findings) - len(a.findings) })
	room := 2*(p.s.Width()-labelWidth) - 40
	if p.s.Lines() > shortReport {
		room = p.s.Width() - labelWidth - len(listedBy)
	}
	p.s.Print(labelWidth, labelled("notes", screen.Dim), screen.Span{Text: noteCounts(groups, room), Style: screen.Dim})
}

const listedBy = "; --verbose lists them"

// noteCounts says how many notes there are of each kind, the most first, in about room
// columns.
func noteCounts(groups []findingGroup, room int) string {
	slices.SortStableFunc(groups, func(a, b findingGroup) int { return len(b.findings) - len(a.findings) })
	var counts []string
	for _, g := range groups {
		counts = append(counts, fmt.Sprint(len(g.findings), screen.NoBreak, g.findings[0].Code))
	}
	return fitted(counts, room) + listedBy
}

// conclusion says what was written, and what to type next.
func (p printer) conclusion(unchanged bool) {
	text := "wrote " + p.r.Output
	if unchanged {
		text += " (unchanged)"
	}
	p.s.Line(text + ": " + p.r.summary())
	p.s.Line("next: " + p.r.next())
}

// summary counts the secrets and the variables.
func (r migrateReport) summary() string {
	moved, plain := 0, 0
	for _, v := range r.Variables {
		if v.Secret != "" {
			moved++
		} else if v.State != "unset" {
			plain++
		}
	}
	return counted(len(r.Secrets), "secret") + ", " + counted(moved, "variable") + " moved, " + fmt.Sprint(plain) + " kept"
}

// next is the command that deploys the stack file.
func (r migrateReport) next() string {
	command := "docker secrets deploy"
	if r.Output != defaultOutput {
		command += " -c " + r.Output
	}
	return command + " " + r.Project
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
