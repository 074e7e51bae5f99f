package plugin

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
)

// findingGroup is what the report tells in one line: findings of one code and severity
// that say the same of several services.
type findingGroup struct {
	findings []finding
	services []string // each once, sorted; without the application
	subjects []string // each once, sorted
}

// groupFindings returns all in groups, in the order of their first findings.
func groupFindings(all []finding) []findingGroup {
	var groups []findingGroup
	index := map[string]int{}
	for _, f := range all {
		key := f.key()
		i, seen := index[key]
		if !seen {
			i = len(groups)
			index[key] = i
			groups = append(groups, findingGroup{})
		}
		g := &groups[i]
		g.findings = append(g.findings, f)
		g.services = withName(g.services, f.Service)
		g.subjects = withName(g.subjects, f.subject())
	}
	return groups
}

// key is the same for findings that are told in one line.
func (f finding) key() string {
	words := ""
	if f.unread != nil {
		return "unread\x00" + f.unread.Fix
	}
	if kindOf(f.Code, f.Loss).phrase == "" {
		words = f.Message + f.Fix
	}
	return fmt.Sprint(f.Severity, "\x00", f.Code, "\x00", words)
}

// subject is what the line names. Of findings in their own words that is where they are.
func (f finding) subject() string {
	if kindOf(f.Code, f.Loss).phrase == "" && f.Path != "" {
		return strings.TrimPrefix(modelPath(f.Path), "services.")
	}
	return f.Subject
}

// withName returns the sorted names with name, which "" is not.
func withName(names []string, name string) []string {
	i, has := slices.BinarySearch(names, name)
	if has || name == "" {
		return names
	}
	return slices.Insert(names, i, name)
}

// who names up to limit services, or where a finding in its own words is.
func (g findingGroup) who(limit int) string {
	own := kindOf(g.findings[0].Code, g.findings[0].Loss).phrase == "" && g.findings[0].unread == nil
	names := g.services
	if own {
		names = g.subjects
	}
	if len(names) > limit && !own {
		return fmt.Sprintf("%d services", len(names))
	}
	return shortList(names, limit)
}

// text is what is so, in at most room columns where names can be left out for that.
func (g findingGroup) text(room int) string {
	f := g.findings[0]
	if f.unread != nil {
		return g.unreadText(room)
	}
	if phrase := kindOf(f.Code, f.Loss).phrase; phrase != "" {
		names := fitted(g.subjects, room-utf8.RuneCountInString(phrase)+len("{what}"))
		return strings.ReplaceAll(phrase, "{what}", names)
	}
	if f.Fix != "" {
		return joined(f.Message + "; " + f.Fix)
	}
	return joined(f.Message)
}

// joined is text in which a flag and its value stay in one line, to be copied.
func joined(text string) string {
	text = strings.ReplaceAll(text, "without --", "without"+screen.NoBreak+"--")
	words := strings.Split(text, " ")
	var b strings.Builder
	for i, word := range words {
		if i > 0 {
			blank := " "
			if before := words[i-1]; strings.Contains(before, "--") && !strings.HasSuffix(before, ",") && !strings.HasSuffix(before, ";") {
				blank = screen.NoBreak
			}
			b.WriteString(blank)
		}
		b.WriteString(word)
	}
	return b.String()
}

// unreadText is what breaks when services start without their secrets, the cause, and
// what to do. One service's variables are named; of several, the first one's cause is.
func (g findingGroup) unreadText(room int) string {
	u := g.findings[0].unread
	if len(g.findings) == 1 {
		fix := u.FixFor()
		if room < crowded {
			fix, _, _ = strings.Cut(fix, ", or --deliver ") // --verbose has all of it
		}
		return "will start without " + fitted(u.Variables, room/2) + ": " + u.Cause + "; " + fix
	}
	text := "will start without their secrets: " + u.Cause
	if causes := g.causes(); causes > 1 {
		text += fmt.Sprintf(" (and %d more)", causes-1)
	}
	return text + "; " + u.Fix
}

// crowded is the room of one line on a screen of 80 columns: there are many groups.
const crowded = screen.DefaultWidth

// causes returns how many different causes the group has.
func (g findingGroup) causes() int {
	different := map[string]bool{}
	for _, f := range g.findings {
		different[f.unread.Cause] = true
	}
	return len(different)
}

// maxWho is how many services a line names.
const maxWho = 3

// shortList is names, or as many of them as limit and how many more there are.
func shortList(names []string, limit int) string {
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s%s+%d", strings.Join(names[:limit], ", "), screen.NoBreak, len(names)-limit)
}

// fitted is the longest short list of names that fits into room columns; one name it
// always has.
func fitted(names []string, room int) string {
	limit := len(names)
	for limit > 1 && utf8.RuneCountInString(shortList(names, limit)) > room {
		limit--
	}
	return shortList(names, limit)
}
