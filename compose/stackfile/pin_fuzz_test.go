package stackfile

import (
	"bytes"
	"testing"

	"github.com/docker/cli/cli/compose/loader"
	"github.com/google/go-cmp/cmp"
)

// Whatever a stack file looks like, the docker CLI must read the same from it after a
// pin, but for that pin; or there is an error and no change.
func FuzzPinned(f *testing.F) {
	for _, seed := range []string{
		unpinned, ours(stackBody), "secrets:\n  one:\n    x-template: |\n      a\n    external: true\n", "secrets: {one: {name: a}}\n",
		"secrets:\r\n  one:\r\n    ? external\r\n    : true\r\n    \"name\": &n !!str 'a'", "x-a: &a {name: a}\nsecrets:\n  one:\n    <<: *a\n",
		"secrets:\n  one: &e\n    external: true\n  two: *e\n", "secrets:\n  one:\n    external: true\n    name: >-\n      a\n---\na: b\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Pinned(content, []Pin{{Block: "secrets", Key: "one", Object: "one_v2"}})
		if err != nil {
			if !bytes.Equal(got, content) {
				t.Fatalf("an error and a change:\n%s", got)
			}
			return
		}
		want, err := loader.ParseYAML(bytes.Clone(content))
		if err != nil {
			t.Skip("docker stack deploy does not read it")
		}
		read, err := loader.ParseYAML(got)
		if err != nil {
			t.Fatalf("docker stack deploy does not read it any more: %v\n%s", err, got)
		}
		one := entryMap(entryMap(want["secrets"])["one"])
		if one == nil {
			t.Skip("docker stack deploy finds another entry")
		}
		one["name"] = "one_v2"
		if diff := cmp.Diff(want, read); diff != "" {
			t.Fatalf("(-want +got)\n%s\nin\n%s", diff, got)
		}
	})
}
