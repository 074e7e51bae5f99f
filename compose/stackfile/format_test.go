package stackfile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A stack file must say its format; an older one must be known as ours, edits and all,
// and be read.
func TestOlderFormatsAreRead(t *testing.T) {
	made := ours(stackBody)
	header, body, found := splitHeader([]byte(made))
	if number := fmt.Sprintf(", format %d)\n", Format); !found || !strings.Contains(made, number) {
		t.Fatalf("the header does not say %q:\n%s", number, made)
	}
	for _, older := range []string{"", "format 0, ", "format 1, "} {
		content := headerMark + "a.yml\n# Edit those and migrate again.\n# " + older + "checksum " + header[1] + ", sources " + header[2] + "\n\n" + string(body)
		if state, edited := Inspect([]byte(content)); state != Ours || edited {
			t.Errorf("%q: state %d, sources edited %v", older, state, edited)
		}
		if state, _ := Inspect([]byte(strings.Replace(content, "image: x", "image: y", 1))); state != Edited {
			t.Errorf("%q, edited: state %d", older, state)
		}
		if stack, err := Parse("a.yml", []byte(content)); err != nil || len(stack.Objects) != 2 {
			t.Errorf("%q: %v, %d objects", older, err, len(stack.Objects))
		}
	}
}

// A newer format must be refused by all that read stack files, with both numbers,
// whatever else its header has.
func TestNewerFormatsAreRefused(t *testing.T) {
	made := "x-stack: shop\n" + stackBody
	number := fmt.Sprint(Format + 1)
	for name, content := range map[string]string{
		"as written":       headerMark + "a.yml\n# format " + number + ", checksum 0123456789abcdef, sources 0123456789abcdef\n\n" + made,
		"another checksum": headerMark + "a.yml\n# format " + number + ", sum 1\n" + made,
		"one line":         headerMark + "a.yml, format " + number + "\n" + made,
		"windows":          headerMark + "a.yml\r\n# format " + number + "\r\n" + made,
		"below a comment":  "# yaml-language-server: $schema=x\n" + headerMark + "a.yml\n# format " + number + "\n" + made,
	} {
		want := "a.yml: a newer docker secrets made it, in format " + number + "; this one reads up to format " + fmt.Sprint(Format) + ": upgrade docker secrets"
		stack, err := Parse("a.yml", []byte(content))
		if !errors.Is(err, ErrNewer) || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
		if stack.Name != "shop" || len(stack.Objects) != 0 {
			t.Errorf("%s: stack %q, %d objects", name, stack.Name, len(stack.Objects))
		}
		if _, err := ParseOutline("a.yml", []byte(content)); !errors.Is(err, ErrNewer) {
			t.Errorf("%s, outline: %v", name, err)
		}
	}
	if err := CheckFormat("a.yml", []byte(headerMark+"a.yml\n# format 99999999999999999999\n")); !errors.Is(err, ErrNewer) {
		t.Errorf("a number that no int holds: %v", err)
	}
}

// A file that docker secrets did not make has no format, whatever its comments say.
func TestOthersCommentsAreNoFormat(t *testing.T) {
	for _, content := range []string{"", "# format 9\n" + stackBody, ours(stackBody) + "# format 9\n", "services: {}\n" + headerMark + "a\n# format 9\n"} {
		if err := CheckFormat("a.yml", []byte(content)); err != nil {
			t.Errorf("%q: %v", content, err)
		}
	}
}
