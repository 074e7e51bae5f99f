package plugin

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The stack file beside each example must be what migrate makes of the example now.
func TestExamples(t *testing.T) {
	root, err := filepath.Abs("../examples") // the examples run in folders of their own
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(root, "*", "docker-compose.yml"))
	if err != nil || len(found) == 0 {
		t.Fatalf("no examples in %s: %v", root, err)
	}
	for _, path := range found {
		name := filepath.Base(filepath.Dir(path))
		t.Run(name, func(t *testing.T) {
			files := tree(t, filepath.Dir(path))
			want := files["docker-compose.prod.yml"]
			before := maps.Clone(files)
			delete(before, "docker-compose.prod.yml")
			dir := goldenCase{name: name, files: before}.unpack(t)
			result := execute(t, dir, nil, "migrate", "--offline", "--strict")
			if result.exit != 0 {
				t.Fatalf("migrate --strict: exit %d\n%s%s", result.exit, result.stdout, result.stderr)
			}
			got := tree(t, dir)["docker-compose.prod.yml"]
			if *update {
				if err := os.WriteFile(filepath.Join(filepath.Dir(path), "docker-compose.prod.yml"), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the stack file (-want +got; go test ./plugin -run Examples -update rewrites)\n%s", diff)
			}
		})
	}
}
