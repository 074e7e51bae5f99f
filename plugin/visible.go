package plugin

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/plugin/screen"
)

// people returns where text for people goes: the CLI's stderr, with everything visible, and
// broken at words on a terminal.
// What is printed may hold a name, a label or the log of a task, and so whatever somebody
// put there to move the cursor of a terminal.
func people(dockerCLI command.Cli) io.Writer { return visibleWriter{screen.Wrapper(dockerCLI.Err())} }

// screenOf returns the screen for what people read, on stderr.
func screenOf(dockerCLI command.Cli) *screen.Screen { return screen.New(dockerCLI.Err(), visible) }

// visibleWriter writes what visible makes of each text.
type visibleWriter struct{ w io.Writer }

// Write returns the length of text when all of it is written.
func (v visibleWriter) Write(text []byte) (int, error) {
	if _, err := io.WriteString(v.w, visible(string(text))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// visible returns text with escapes such as \x1b in the place of what a terminal takes for
// a command or does not show: control characters but for line ends and tabs, those that
// change the direction of text, and bytes that are no UTF-8.
func visible(text string) string {
	if strings.IndexFunc(text, isHidden) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case !isHidden(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// isHidden tells whether a terminal does not show r. A line end of Windows is shown as one.
func isHidden(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029')
}
