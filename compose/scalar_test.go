package compose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// scalars are odd forms of a value in environment:, as YAML has them.
var scalars = []string{
	"0123456", "12e5", "1.50", "0x1F2E3D", "1_000_000", "2024-01-02", "2024-01-02T03:04:05Z", "true", "True", "yes", "Yes", "no", "on", "~", "null",
	"0", "-0", "+1", "0o17", "017", "0b11", ".5", "5.", "1e3", "1E+3", ".inf", "-.INF", ".nan", "12:30:45", "190:20:30", "1,000", "00", "08", "0.10", "-1.0",
	"9223372036854775807", "9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "1.7976931348623157e309", "0.1", "1e-7",
	`"0123456"`, `'0123456'`, `"a\tb"`, `"\u00e9"`, `"\x41"`, `'it''s'`, "a b", "a#b", "'a #b'", "a:b", "'a: b'", "- x", "'- x'", "'*a'", "'&a'", "'!a'", "!!str 0123", "!!str 1.50", "!!int '12'",
	"|\n        line\n        two\n", "|-\n        line\n        two\n", "|+\n        line\n\n", ">\n        folded\n        text\n", ">-\n        folded\n        text\n",
	"\"two\n        lines\"", "'two\n\n        lines'", "plain\n        continued", "\"end\\n\"", "\"\\\\\"", "$$", "a$$b", "'$$(x)'", "${PART}", "a${PART}b", "${NONE:-1.50}", "${NONE:-0123}", "${NUMBER}",
	"\"${PART}\\n\"", "$PART", "'${PART}'", "${PART:+set}", "${NONE:+set}x", "${NONE-}x", "\"\"", "''", "é", "日本", "\"\U0001F600\"", "a\\nb", "'a\\nb'", "%", "'%s'", "`x`x", "[]x", "'{}'", "'a,b'", "a=b", "'=a'", "-", "'?'", "'|'",
}

// What a place in a compose file gives must be what Compose gives the variable, byte
// for byte, however YAML writes it.
func TestPlaceReadsScalarsAsCompose(t *testing.T) {
	compared := 0
	for _, scalar := range scalars {
		dir := t.TempDir()
		path := filetest.Write(t, dir, "compose.yaml", "services:\n  api:\n    image: x\n    environment:\n      FIRST: x\n      VALUE: "+scalar+"\n")
		filetest.Write(t, dir, ".env", "PART=p$$1 é\nNUMBER=0123\n")
		app, err := Load(t.Context(), Options{Dir: dir})
		if err != nil {
			continue // Compose does not take it: there is nothing to agree with
		}
		variable := app.Input.Variables[len(app.Input.Variables)-1]
		if !variable.Set {
			continue
		}
		compared++
		got, err := ReadPlace(path, "services.api.environment.VALUE", app.src.env)
		if err != nil || !got.Equal(variable.Value) {
			t.Errorf("%s: %v, %s", strings.TrimSpace(scalar), err, fmt.Sprintf("%q, want %q", got.Reveal(), variable.Value.Reveal()))
		}
	}
	if compared < 90 {
		t.Errorf("only %d of %d are compared", compared, len(scalars))
	}
}
