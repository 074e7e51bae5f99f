package plugin

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// sharedFault is what is wrong, of whom.
type sharedFault struct {
	subjects []string
	sources  []string // that a person has to allow; nil for most
	cause    string
	first    string // the text of the first of them
}

// byCause returns the texts of faults, those of one cause as one: four secrets without a
// login are one line, which names the four. The order is that of the first of each.
func byCause(faults []error) []string {
	var found []sharedFault
	for _, err := range faults {
		now := newFault(err)
		merged := false
		for i, f := range found {
			if merged = f.cause == now.cause && (f.sources == nil) == (now.sources == nil); merged {
				found[i].subjects = withSame(f.subjects, now.subjects)
				found[i].sources = withSame(f.sources, now.sources)
				break
			}
		}
		if !merged {
			found = append(found, now)
		}
	}
	var texts []string
	for _, f := range found {
		texts = append(texts, f.text())
	}
	return texts
}

// givenPlace matches the place of a source in the reason why it has to be allowed.
var givenPlace = regexp.MustCompile(` \([a-z]+://[^)]*\)`)

// newFault splits the text of err after its subject: the first word, if a colon follows it.
func newFault(err error) sharedFault {
	if held, ok := errors.AsType[*swarm.SourceError](err); ok && held.Error() == err.Error() {
		_, fix, _ := strings.Cut(err.Error(), "; ")
		return sharedFault{subjects: []string{held.Name}, sources: []string{held.From}, first: err.Error(), cause: givenPlace.ReplaceAllString(held.Reason, "") + "; " + fix}
	}
	subject, cause, ok := strings.Cut(err.Error(), ": ")
	if !ok || strings.ContainsAny(subject, " \n") {
		return sharedFault{cause: err.Error(), first: err.Error()}
	}
	return sharedFault{subjects: []string{subject}, cause: cause, first: err.Error()}
}

// text is what people read.
func (f sharedFault) text() string {
	if len(f.subjects) < 2 {
		return f.first
	}
	text := strings.Join(f.subjects, ", ") + ": "
	if f.sources != nil {
		text += "each of " + strings.Join(f.sources, ", ") + " "
	}
	return text + f.cause
}

// withSame returns names with those of more that are not in it yet.
func withSame(names, more []string) []string {
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
