package plugin

import (
	"bytes"
	"fmt"
	"testing"
)

// What a terminal would take for a command must be visible in text for people, and the
// rest must be as it is.
func TestTextForPeopleIsVisible(t *testing.T) {
	for text, want := range map[string]string{
		"a\x1b[2Jb\n":      `a\x1b[2Jb` + "\n",
		"\x9b31m":          `\x9b31m`,
		"\u009b31m":        `\x9b31m`,
		"over\rwritten":    `over\x0dwritten`,
		"\u202egnp.exe":    `\u202egnp.exe`,
		"bell\a":           `bell\x07`,
		"tab\tand é 漢\n":   "tab\tand é 漢\n",
		"\ufffd and \xff.": "\ufffd and " + `\xff.`,
	} {
		var b bytes.Buffer
		if n, err := fmt.Fprint(visibleWriter{&b}, text); err != nil || n != len(text) || b.String() != want {
			t.Errorf("%q: wrote %q, %d, %v, want %q", text, b.String(), n, err, want)
		}
	}
}
