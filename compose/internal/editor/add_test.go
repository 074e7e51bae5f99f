package editor

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// add adds two items to a.b, as a decision does.
func add(content string) (string, error) {
	got, err := Add([]byte(content), []string{"a", "b"}, []string{"X", "it's"})
	return string(got), err
}

// Items must be added at the end of the list, and missing keys of its path be added.
func TestAddItems(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{"block", "a:\n  b:\n    - c # d\ne: f\n", "a:\n  b:\n    - c # d\n    - X\n    - 'it''s'\ne: f\n"},
		{"block without indent", "a:\n  b:\n  - c\n", "a:\n  b:\n  - c\n  - X\n  - 'it''s'\n"},
		{"comment that closes", "a:\n  b:\n  - c\n  # - d\n  e: f\n", "a:\n  b:\n  - c\n  - X\n  - 'it''s'\n  # - d\n  e: f\n"},
		{"comment of the next", "a:\n  b:\n  - c\n\n  # d\n  e: f\n", "a:\n  b:\n  - c\n  - X\n  - 'it''s'\n\n  # d\n  e: f\n"},
		{"brackets", "a:\n  b: [ c, \"d\\\"\" ] # e\n", "a:\n  b: [ c, \"d\\\"\", X, 'it''s' ] # e\n"},
		{"brackets, an alias", "x: &x c\na:\n  b: [*x]\n", "x: &x c\na:\n  b: [*x, X, 'it''s']\n"},
		{"brackets over lines", "a:\n  b: [\n    c,\n  ]\n", "a:\n  b: [\n    c, X, 'it''s',\n  ]\n"},
		{"empty brackets", "a:\n  b: &b []\n", "a:\n  b: &b [X, 'it''s']\n"},
		{"no list", "a:\n  # c\n  d: e\n", "a:\n  b:\n    - X\n    - 'it''s'\n  # c\n  d: e\n"},
		{"no entries", "a: # c\ne: f\n", "a: # c\n  b:\n    - X\n    - 'it''s'\ne: f\n"},
		{"nothing", "e: f\n# g\n", "e: f\n# g\n\na:\n  b:\n    - X\n    - 'it''s'\n"},
		{"no line end", "e: f", "e: f\n\na:\n  b:\n    - X\n    - 'it''s'\n"},
		{"carriage returns", "a:\r\n  b:\r\n  - c", "a:\r\n  b:\r\n  - c\r\n  - X\r\n  - 'it''s'\r\n"},
		{"a text that keeps its empty lines", "e: |+\n  f\n\n", "e: |+\n  f\n\na:\n  b:\n    - X\n    - 'it''s'\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := add(c.before)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.after, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A value that is not a list, or where items would change anything else, must be refused.
func TestAddRefuses(t *testing.T) {
	for name, content := range map[string]string{
		"text":                        "a:\n  b: c\n",
		"null":                        "a:\n  b:\n",
		"brackets around":             "a: {b: [c]}\n",
		"item over lines":             "a:\n  b:\n    - c\n      d\n",
		"comment behind the last":     "a:\n  b: [\n    c # d\n  ]\n",
		"an alias repeats it":         "a:\n  b: &b\n    - c\nd: *b\n",
		"an alias":                    "d: &b [c]\na:\n  b: *b\n",
		"tag":                         "a:\n  b: !reset []\n",
		"a merge may have it":         "d: &d {b: [c]}\na:\n  <<: *d\n  e: f\n",
		"a merge may have all":        "d: &d {a: {b: [c]}}\n<<: *d\n",
		"end of the document":         "e: f\n...\n",
		"a text that takes the lines": "e: |\n  no line end",
		"empty document":              "---\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := add(content); err == nil || got != "" {
				t.Errorf("got %v and\n%s", err, got)
			}
		})
	}
}
