package plugin

import (
	"errors"
	"fmt"
	"strings"
)

// lookupFaults are errors of looking up values, of which each begins with its reference.
// Where many secrets fail for one reason, such as a login, the reason is said once.
type lookupFaults struct {
	reasons []string            // in the order in which they came
	names   map[string][]string // of the secrets, by reason
	errs    map[string]error    // the first of each reason
}

// add notes that the value of the secret called name could not be read.
func (f *lookupFaults) add(name string, err error) {
	reason := reasonOf(err)
	if f.names == nil {
		f.names, f.errs = map[string][]string{}, map[string]error{}
	}
	if f.names[reason] == nil {
		f.reasons, f.errs[reason] = append(f.reasons, reason), err
	}
	f.names[reason] = append(f.names[reason], name)
}

// reasonOf returns what err says after its reference, with the reference's scheme:
// "vault://: no Vault token; …".
func reasonOf(err error) string {
	scheme, reason := "", err.Error()
	for {
		ref, rest, found := strings.Cut(reason, ": ")
		before, _, isReference := strings.Cut(ref, "://")
		if !found || !isReference || strings.Contains(ref, " ") {
			return scheme + reason
		}
		scheme, reason = before+"://: ", rest
	}
}

// shownNames is how many secrets a fault names.
const shownNames = 5

// join returns all faults, or nil.
func (f *lookupFaults) join() error {
	var all []error
	for _, reason := range f.reasons {
		names := f.names[reason]
		if len(names) == 1 {
			all = append(all, fmt.Errorf("%s: %w", names[0], f.errs[reason]))
			continue
		}
		shown := strings.Join(names[:min(len(names), shownNames)], ", ")
		if more := len(names) - shownNames; more > 0 {
			shown += fmt.Sprintf(" and %d more", more)
		}
		all = append(all, fmt.Errorf("%s: %s", shown, reason))
	}
	return errors.Join(all...)
}
