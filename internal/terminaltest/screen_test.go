package terminaltest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is drawn over must be gone, a line that is too wide be marked, and lines that have
// left the terminal stay.
func TestScreen(t *testing.T) {
	for _, c := range []struct{ name, written, want string }{
		{"drawn over", "web: starting\r\ndb: starting\r\n\x1b[2A\x1b[2Kweb: running\r\n\x1b[2Kdb: gone\r\n\x1b[J", "web: running\ndb: gone\n"},
		{"cleared below", "a\r\nb\r\nc\r\n\x1b[3Ax\r\n\x1b[J", "x\n"},
		{"too wide", "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrst↩\nuvwxyz"},
		{"as wide as the terminal", "abcdefghijklmnopqrst\r\nu", "abcdefghijklmnopqrst\nu"},
		{"coloured", "web: \x1b[31mfailed\x1b[0m, 0/1", "web: {red}failed{}, 0/1"},
		{"out of reach", "1\r\n2\r\n3\r\n4\r\n\x1b[4Ax", "1\nx\n3\n4\n"},
	} {
		screen := NewScreen(4, 20)
		for _, b := range []byte(c.written) { // in pieces, as it comes
			screen.Write(string([]byte{b}))
		}
		if diff := cmp.Diff(c.want, screen.Text(Styles())); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
