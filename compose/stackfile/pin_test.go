package stackfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const unpinned = `# kept
services:
  api:   {image: x}
secrets:
  one:
    external: true # why
    x-from: env://ONE
  two:
    external: true
    name: "two"   # the old one
  flow: {external: true}
configs:
  one:
    external: true
`

// Pins must change or add one line each, and no other byte.
func TestPinsChangeOneLineEach(t *testing.T) {
	got, err := Pinned([]byte(unpinned), []Pin{
		{Block: "secrets", Key: "one", Object: "one_v2"}, {Block: "secrets", Key: "two", Object: "two_v3"}, {Block: "configs", Key: "one", Object: "one_v9"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(unpinned, "    external: true # why\n", "    external: true # why\n    name: one_v2\n", 1)
	want = strings.Replace(want, `name: "two"   #`, "name: two_v3   #", 1)
	want = strings.TrimSuffix(want, "    external: true\n") + "    external: true\n    name: one_v9\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Line ends of another system must stay what they are.
func TestPinKeepsLineEnds(t *testing.T) {
	text := strings.ReplaceAll(unpinned, "\n", "\r\n")
	got, err := Pinned([]byte(text), []Pin{{Block: "secrets", Key: "one", Object: "one_v2"}})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(text, "true # why\r\n", "true # why\r\n    name: one_v2\r\n", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Pins that cannot be set as one line must be refused together, each with what to
// write by hand, and the other pins must not be set either.
func TestPinsAreRefusedTogether(t *testing.T) {
	got, err := Pinned([]byte(unpinned), []Pin{
		{Block: "secrets", Key: "flow", Object: "flow_v2"}, {Block: "secrets", Key: "one", Object: "one_v2"}, {Block: "secrets", Key: "none", Object: "none_v2"},
	})
	want := `secrets.flow: name: cannot be added in this form; write it by hand (name: flow_v2), or deploy with --no-pin
secrets.none: name: cannot be added in this form; write it by hand (name: none_v2), or deploy with --no-pin`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if string(got) != unpinned {
		t.Errorf("the content was changed:\n%s", got)
	}
}

// A pin must not change what an alias repeats elsewhere.
func TestPinOfSharedEntryIsRefused(t *testing.T) {
	for _, text := range []string{
		"secrets:\n  one: &e\n    external: true\n  two: *e\n",
		"secrets:\n  one: &e\n    external: true\n    name: a\n  two: *e\n",
		"x-name: &n a\nsecrets:\n  two:\n    external: true\n    name: &n a\n  one: {name: *n}\n",
	} {
		if got, err := Pinned([]byte(text), []Pin{{Block: "secrets", Key: "two", Object: "two_v2"}}); err == nil {
			t.Errorf("edited to\n%s", got)
		}
	}
}

// The pin of an entry that begins with a text over several lines must not become
// part of that text.
func TestPinStaysOutOfBlockScalar(t *testing.T) {
	for _, style := range []string{"|", ">-"} {
		text := "secrets:\n  url:\n    x-template: " + style + "\n      postgres://app:{{pw}}@db\n    external: true\n"
		got, err := Pinned([]byte(text), []Pin{{Block: "secrets", Key: "url", Object: "url_v2"}})
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Replace(text, "    x-template:", "    name: url_v2\n    x-template:", 1)
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", style, diff)
		}
	}
}
