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

// A pin must change or add its one line, and no other byte.
func TestPinned(t *testing.T) {
	got, err := Pinned([]byte(unpinned), []Pin{
		{Block: "secrets", Key: "one", Object: "one_v2"}, {Block: "secrets", Key: "two", Object: "two_v3"}, {Block: "configs", Key: "one", Object: "one_v9"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(unpinned, "    external: true # why\n", "    external: true # why\n    name: one_v2\n", 1)
	want = strings.Replace(want, `name: "two"   #`, "name: two_v3   #", 1)
	want = strings.TrimSuffix(want, "    external: true\n") + "    external: true\n    name: one_v9\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Line ends of another system must stay what they are.
func TestPinnedLineEnds(t *testing.T) {
	text := strings.ReplaceAll(unpinned, "\n", "\r\n")
	got, err := Pinned([]byte(text), []Pin{{Block: "secrets", Key: "one", Object: "one_v2"}})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(got), "\n") != strings.Count(string(got), "\r\n") || !strings.Contains(string(got), "    name: one_v2\r\n") {
		t.Errorf("got %q", got)
	}
}

// What cannot be edited as one line must be refused, with what to write by hand.
func TestPinnedRefuses(t *testing.T) {
	for _, pin := range []Pin{{Block: "secrets", Key: "flow", Object: "flow_v2"}, {Block: "secrets", Key: "none", Object: "none_v2"}} {
		_, err := Pinned([]byte(unpinned), []Pin{pin})
		if err == nil || !strings.Contains(err.Error(), pin.Object) {
			t.Errorf("%s: %v", pin.Key, err)
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
