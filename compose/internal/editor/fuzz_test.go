package editor

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// FuzzEditGenerated makes YAML of choices: after an edit exactly one node differs, or
// there is an error and no change.
func FuzzEditGenerated(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(choices(seed))
	}
	f.Fuzz(func(t *testing.T, choices []byte) { edits(t, generate(choices)) })
}

// FuzzEdit takes any text at all: after an edit exactly one node differs, or there is
// an error and no change.
func FuzzEdit(f *testing.F) {
	for _, seed := range []string{
		"secrets:\n  one:\n    x-template: |\n      a\n    external: true\n", "secrets:\n  one:\n    ? name\n    : &a !!str x\n",
		"secrets:\r\n  one: # c\r\n    external: true", "secrets: {one: {name: a}}\n", "x-docker-secrets:\n  secret: [\n    'a' # c\n  ]\n",
		"x-docker-secrets: # c\n# d\n\n# e\n", "a: 1\n---\nb: 2\n", "\uFEFFx-docker-secrets:\n- a\n", "secrets: &a\n  one: {<<: *a}\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { edits(t, content) })
}

// The documents made by choices must be edited and refused often enough to be a test.
func TestGeneratedDocumentsReachBothAnswers(t *testing.T) {
	var edited, refused, broken int
	for seed := range uint64(150) {
		content := generate(choices(seed))
		if _, err := read(content); err != nil {
			broken++
			continue
		}
		done := edits(t, content)
		edited += done
		refused += len(attempts) - done
	}
	if edited < 250 || refused < 150 || broken > 25 {
		t.Errorf("%d edited, %d refused, %d documents not read", edited, refused, broken)
	}
}

func choices(seed uint64) []byte {
	random := rand.New(rand.NewPCG(seed, 1))
	made := make([]byte, 20+random.IntN(100))
	for i := range made {
		made[i] = byte(random.Uint32())
	}
	return made
}

// attempts are what is tried on each document, with the place that may differ.
var attempts = []struct {
	path string
	edit func(content []byte) ([]byte, error)
}{
	{"/secrets/one/name", func(content []byte) ([]byte, error) {
		return Set(content, []string{"secrets", "one"}, "name", "one_v2")
	}},
	{"/secrets/two/external", func(content []byte) ([]byte, error) {
		return Set(content, []string{"secrets", "two"}, "external", "on")
	}},
	{"/name", func(content []byte) ([]byte, error) { return Set(content, nil, "name", "it's") }},
	{"/x-docker-secrets/secret", func(content []byte) ([]byte, error) {
		return Add(content, []string{"x-docker-secrets", "secret"}, []string{"api.A", "1.5"})
	}},
	{"/x-docker-secrets/plain", func(content []byte) ([]byte, error) {
		return Add(content, []string{"x-docker-secrets", "plain"}, []string{"*_B"})
	}},
}

// edits makes each attempt, and tells how many were not refused.
func edits(t *testing.T, content []byte) (done int) {
	t.Helper()
	for _, attempt := range attempts {
		given := bytes.Clone(content)
		got, err := attempt.edit(given)
		if !bytes.Equal(given, content) {
			t.Fatalf("%s: the content given was changed:\n%s", attempt.path, content)
		}
		if err != nil {
			if got != nil {
				t.Fatalf("%s: an error and an edit:\n%s", attempt.path, got)
			}
			continue
		}
		done++
		if wrong := unwanted(places(t, content), places(t, got), attempt.path); len(wrong) > 0 {
			t.Fatalf("%s: %q differs too\nbefore\n%s\nafter\n%s", attempt.path, wrong, content, got)
		}
		if missing := taken(content, got); strings.HasPrefix(attempt.path, "/x-") && missing > 0 {
			t.Fatalf("%s: %d bytes are gone:\n%s", attempt.path, missing, got)
		}
	}
	return done
}

// taken is how many bytes of before are not around what was put into after.
func taken(before, after []byte) int {
	start := 0
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	rest := before[start:]
	for len(rest) > 0 && bytes.HasSuffix(after[start:], rest) == false {
		rest = rest[1:]
	}
	return len(before) - start - len(rest)
}

// unwanted is what differs between two documents and is not what an edit of wanted may
// change: that value, its new items, and the mappings made on the way to it.
func unwanted(before, after map[string]string, wanted string) []string {
	var wrong []string
	isList := strings.HasPrefix(wanted, "/x-")
	for path, was := range before {
		isWay := strings.HasPrefix(wanted, path+"/") && was == emptyValue
		isValue := !isList && (path == wanted || strings.HasPrefix(path, wanted+"/"))
		if after[path] != was && !isWay && !isValue {
			wrong = append(wrong, path)
		}
	}
	for path := range after {
		isWay := strings.HasPrefix(wanted+"/", strings.TrimSuffix(path, "?")+"/")
		if before[path] == "" && !isWay && !strings.HasPrefix(path, wanted+"/") {
			wrong = append(wrong, path)
		}
	}
	slices.Sort(wrong)
	return wrong
}

// emptyValue is how places writes a value that is not there.
const emptyValue = `8 0 !!null  ""`

// places is every node of a document by its path, and its comments under "#". Keys have
// a question mark behind; the node that an alias refers to is below it. It does not use
// the comparison that it tests.
func places(t *testing.T, content []byte) map[string]string {
	t.Helper()
	docs, err := document.Parse("", content)
	if err != nil || len(docs) != 1 {
		t.Fatalf("%d documents, %v:\n%s", len(docs), err, content)
	}
	found := survey{places: map[string]string{}}
	found.visit(docs[0], "", docs[0].LineComment, 0)
	slices.Sort(found.comments)
	found.places["#"] = "# " + strings.Join(found.comments, " ")
	return found.places
}

type survey struct {
	places   map[string]string
	comments []string
}

// visit writes node and what is below it. A comment beside an entry is its key's or its
// value's, and goes from one to the other: beside is both.
func (s *survey) visit(node *yaml.Node, path, beside string, aliases int) {
	for s.places[path] != "" { // a key may be there twice
		path += "'"
	}
	s.places[path] = fmt.Sprintf("%d %d %s %s %q", node.Kind, node.Style, node.Tag, node.Anchor, node.Value)
	if comment := node.HeadComment + beside; comment != "" {
		s.places[path+"#"] = comment
	}
	if aliases == 0 {
		s.comments = append(s.comments, strings.Fields(node.HeadComment+"\n"+node.LineComment+"\n"+node.FootComment)...)
	}
	if node.Alias != nil && aliases < 3 && len(s.places) < 10000 { // an alias may be within its anchor
		s.visit(node.Alias, path+"/*", "", aliases+1)
	}
	for i, child := range node.Content {
		name, beside := strconv.Itoa(i), child.LineComment
		switch {
		case node.Kind != yaml.MappingNode:
		case i%2 == 0:
			name, beside = document.Follow(child).Value+"?", ""
		default:
			name, beside = document.Follow(node.Content[i-1]).Value, node.Content[i-1].LineComment+beside
		}
		s.visit(child, path+"/"+name, beside, aliases)
	}
}
