package stackfile

import (
	"strings"
	"testing"
)

// stackBody is a stack file without its header, with what may be edited in it.
const stackBody = `services:
  api:
    image: x
    labels:
      name: a
secrets:
  one:
    external: true
    name: one_v2
    x-from: env://ONE
  two:
    external: true
    x-from:
      - env://TWO
      - dotenv://a.env#TWO
`

func ours(body string) string {
	return string(withHeader([]string{"docker-compose.yml"}, []byte(body), []byte(body)))
}

// Inspect must tell whose a file is, and an edit that matters from one that may be
// made.
func TestInspectTellsWhoseFileAndWhichEdit(t *testing.T) {
	made := ours(stackBody)
	for name, c := range map[string]struct {
		content string
		state   Ownership
		edited  bool
	}{
		"as written":              {made, Ours, false},
		"nobody's":                {stackBody, Foreign, false},
		"empty":                   {"", Foreign, false},
		"header alone":            {headerMark + "x\n", Foreign, false},
		"another header":          {"# Made by hand\n" + made, Foreign, false},
		"image":                   {strings.Replace(made, "image: x", "image: y", 1), Edited, false},
		"a label called name":     {strings.Replace(made, "name: a", "name: b", 1), Edited, false},
		"a line more":             {made + "networks: {}\n", Edited, false},
		"a comment":               {strings.Replace(made, "services:", "# mine\nservices:", 1), Edited, false},
		"external":                {strings.Replace(made, "external: true", "external: false", 1), Edited, false},
		"pin":                     {strings.Replace(made, "one_v2", "one_v3", 1), Ours, false},
		"new pin":                 {strings.Replace(made, "  two:\n    external: true\n", "  two:\n    external: true\n    name: two_v2\n", 1), Ours, false},
		"no pin":                  {strings.Replace(made, "    name: one_v2\n", "", 1), Ours, false},
		"x-from":                  {strings.Replace(made, "env://ONE", "awssecrets://one", 1), Ours, true},
		"an item of x-from":       {strings.Replace(made, "env://TWO", "vault://a/b#/two", 1), Ours, true},
		"a list in place of text": {strings.Replace(made, "x-from: env://ONE", "x-from:\n    - env://ONE\n    - env://UNO", 1), Ours, true},
		"both":                    {strings.NewReplacer("image: x", "image: y", "env://ONE", "env://UNO").Replace(made), Edited, true},
		"windows line ends":       {strings.ReplaceAll(made[strings.Index(made, "services:"):], "\n", "\r\n"), Foreign, false},
	} {
		state, edited := Inspect([]byte(c.content))
		if state != c.state || edited != c.edited {
			t.Errorf("%s: state %d, sources edited %v; want %d, %v", name, state, edited, c.state, c.edited)
		}
	}
	if state, _ := Inspect(nil); state != Missing {
		t.Errorf("no file: state %d, want %d", state, Missing)
	}
}

// Line ends of another system must be no edit: git rewrites them.
func TestLineEndsAreNoEdit(t *testing.T) {
	if state, edited := Inspect([]byte(strings.ReplaceAll(ours(stackBody), "\n", "\r\n"))); state != Ours || edited {
		t.Errorf("with CRLF: state %d, sources edited %v", state, edited)
	}
}
