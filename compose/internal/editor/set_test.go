package editor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// set sets name: of secrets.one to one_v2, as a pin does.
func set(content string) (string, error) {
	got, err := Set([]byte(content), []string{"secrets", "one"}, "name", "one_v2")
	return string(got), err
}

// under is a document whose secrets.one holds lines.
func under(lines ...string) string {
	return "secrets:\n  one:\n    " + strings.Join(lines, "\n    ") + "\n  two: {external: true}\n"
}

// A new entry must be one line that changes nothing else, whatever its neighbours are.
func TestSetAddsOneLine(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"plain", under("external: true # why"), under("external: true # why", "name: one_v2")},
		{"literal first", under("x-template: |", "  a", "external: true"), under("name: one_v2", "x-template: |", "  a", "external: true")},
		{"folded first", under("x-template: >-", "", "  a"), under("name: one_v2", "x-template: >-", "", "  a")},
		{"literal first, with a comment", under("# why", "x-template: |", "  a", "external: true"), under("# why", "x-template: |", "  a", "external: true", "name: one_v2")},
		{"text over lines first", under("x-a: b", "  c", "external: true"), under("name: one_v2", "x-a: b", "  c", "external: true")},
		{"quotes over lines first", under("x-a: 'b", "  c'", "external: true"), under("name: one_v2", "x-a: 'b", "  c'", "external: true")},
		{"list first", under("x-from:", "- env://A", "external: true"), under("name: one_v2", "x-from:", "- env://A", "external: true")},
		{"list first, with a comment", under("# why", "x-from: [a]", "external: true"), under("# why", "x-from: [a]", "external: true", "name: one_v2")},
		{"quoted key", under(`"external": true`), under(`"external": true`, "name: one_v2")},
		{"key over lines", under("? external", ": true"), ""},
		{"key over lines first", under("? external", ": true", "x-a: b"), under("name: one_v2", "? external", ": true", "x-a: b")},
		{"anchor", under("external: &a true", "x-a: *a"), under("external: &a true", "name: one_v2", "x-a: *a")},
		{"alias", under("x-a: &a b", "external: *a"), under("x-a: &a b", "name: one_v2", "external: *a")},
		{"tag", under("external: !!bool true"), under("external: !!bool true", "name: one_v2")},
		{"merge", "x-a: &a {external: true}\n" + under("<<: *a"), "x-a: &a {external: true}\n" + under("name: one_v2", "<<: *a")},
		{"comment below", under("external: true", "# b", "x-from: a"), under("external: true", "name: one_v2", "# b", "x-from: a")},
		{"comment that closes", under("external: true", "# b"), under("external: true", "name: one_v2", "# b")},
		{"comment about the line above", under("external: true", "# b", "", "x-from: a"), under("name: one_v2", "external: true", "# b", "", "x-from: a")},
		{"value on the next line", under("external:", "  true"), under("name: one_v2", "external:", "  true")},
		{"anchor of the entry", "secrets:\n  one: &a\n    external: true\n", "secrets:\n  one: &a\n    external: true\n    name: one_v2\n"},
		{"quoted path", "\"secrets\":\n  'one':\n    external: true\n", "\"secrets\":\n  'one':\n    external: true\n    name: one_v2\n"},
		{"carriage returns", "secrets:\r\n  one:\r\n    external: true\r\n", "secrets:\r\n  one:\r\n    external: true\r\n    name: one_v2\r\n"},
		{"no line end", "secrets:\n  one:\n    external: true", "secrets:\n  one:\n    external: true\n    name: one_v2\n"},
		{"carriage returns, no line end", "secrets:\r\n  one:\r\n    external: true", "secrets:\r\n  one:\r\n    external: true\r\n    name: one_v2\r\n"},
		{"one blank", "secrets:\n one:\n  external: true\n", "secrets:\n one:\n  external: true\n  name: one_v2\n"},
		{"start of the document", "--- # c\nsecrets:\n  one:\n    external: true\n...\n", "--- # c\nsecrets:\n  one:\n    external: true\n    name: one_v2\n...\n"},
	} {
		t.Run(c.name, func(t *testing.T) { wantSet(t, c.before, c.after) })
	}
}

// wantSet fails unless before becomes after; "" is a refusal.
func wantSet(t *testing.T, before, after string) {
	t.Helper()
	got, err := set(before)
	if err != nil && after != "" {
		t.Fatal(err)
	}
	if diff := cmp.Diff(after, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A value must be replaced without its anchor, its tag and its comments.
func TestSetReplacesValue(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"plain", "name: one_v1 # c", "name: one_v2 # c"},
		{"equal", "name: 'one_v2'", "name: 'one_v2'"},
		{"single quotes", "name: 'it''s'", "name: one_v2"},
		{"double quotes", `name: "a\"b\x41" # c`, "name: one_v2 # c"},
		{"quotes over lines", "name: 'a\n\n      b' # c", "name: one_v2 # c"},
		{"behind other characters", "'name': \"é\" # é", "'name': one_v2 # é"},
		{"quoted key", `"n\x61me": a`, `"n\x61me": one_v2`},
		{"key over lines", "? name\n    : a", "? name\n    : one_v2"},
		{"anchor", "name: &a one_v1", "name: &a one_v2"},
		{"tag", "name: !!str 'a'", "name: !!str one_v2"},
		{"tag of a number", "name: !!int 1", ""},
		{"alias", "x-a: &a b\n    name: *a", "x-a: &a b\n    name: one_v2"},
		{"an alias repeats it", "name: &a one_v1\n    x-a: *a", ""},
		{"number", "name: 12", "name: one_v2"},
		{"nothing", "name:", "name: one_v2"},
		{"nothing but a comment", "name:  # c\n    x-a: b", "name: one_v2  # c\n    x-a: b"},
		{"null", "name: ~", "name: one_v2"},
		{"comment between", "name: # c\n      one_v1", "name: # c\n      one_v2"},
		{"literal", "name: |-\n      a", ""},
		{"folded", "name: >-\n      a", ""},
		{"over lines", "name: a\n      b", ""},
		{"list", "name: [a]", ""},
		{"mapping", "name: {a: b}", ""},
		{"twice", "name: a\n    name: b", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			head, tail := "secrets:\n  one:\n    external: true\n    ", "\n  two: {}\n"
			if c.after != "" {
				c.after = head + c.after + tail
			}
			wantSet(t, head+c.before+tail, c.after)
		})
	}
}

// An entry that is not in a block mapping, or that an alias repeats, must be refused with
// the reason.
func TestSetRefuses(t *testing.T) {
	const added = "name: cannot be added in this form"
	for _, c := range []struct{ name, content, reason string }{
		{"brackets", "secrets:\n  one: {external: true}\n", added},
		{"brackets around", "secrets: {one: {external: true}}\n", added},
		{"no entry", "secrets:\n  two:\n    external: true\n", added},
		{"empty entry", "secrets:\n  one:\n", added},
		{"list", "secrets:\n  one:\n    - external\n", added},
		{"alias", "x-a: &a\n  external: true\nsecrets:\n  one: *a\n", added},
		{"alias around", "x-a: &a\n  one:\n    external: true\nsecrets: *a\n", added},
		{"an alias repeats it", "secrets:\n  one: &a\n    external: true\n  two: *a\n", added},
		{"a merge repeats it", "secrets:\n  one: &a\n    external: true\n  two:\n    <<: *a\n", added},
		{"an alias repeats all", "secrets: &a\n  one:\n    external: true\nconfigs: *a\n", added},
		{"tag", "secrets:\n  one: !override\n    external: true\n", added},
		{"twice", "secrets:\n  one:\n    external: true\n  one:\n    external: true\n", added},
		{"literal", "secrets:\n  one:\n    name: |\n      a\n", "name: cannot be edited in this form"},
		{"documents", under("external: true") + "---\na: b\n", "the file is not one YAML document"},
		{"broken", "secrets: [\n", "the file is not one YAML document"},
		{"empty", "", "the file is not one YAML document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := set(c.content)
			if err == nil || err.Error() != c.reason || got != "" {
				t.Errorf("got %v and\n%s", err, got)
			}
		})
	}
}

// Text that YAML takes for something else must be read back as text.
func TestSetKeepsTextText(t *testing.T) {
	for _, text := range []string{"on", "1.5", "it's", "a b", "", "- a", "a: b", "é", "#", "*a", "22:22"} {
		got, err := Set([]byte("a:\n  b: c\n"), []string{"a"}, "b", text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		f, err := read(got)
		if err != nil || !isText(f.root.Content[1].Content[1], text) {
			t.Errorf("%q: %v, got\n%s", text, err, got)
		}
	}
}
