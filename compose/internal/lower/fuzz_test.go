package lower_test

import (
	"io"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/sirupsen/logrus"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
)

// Whatever compose-go loads must become something that docker stack deploy
// loads, and stay what it is, or be refused.
func FuzzLower(f *testing.F) {
	logrus.SetOutput(io.Discard)
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(lowerable)
}

func lowerable(t *testing.T, text []byte) {
	t.Helper()
	if strings.Contains(string(text), "extends") {
		return // would read files
	}
	m := loaded(t, text)
	if m == nil {
		return
	}
	stack, changes, err := lower.Lower(m, lower.Options{Project: project})
	if err != nil {
		return
	}
	for _, c := range changes {
		if strings.ContainsAny(c.Message, "\n\r") {
			t.Errorf("%s: a message of several lines", c.Code)
		}
	}
	if err := deployable(stack); err != nil {
		out, _ := yaml.Marshal(stack)
		t.Fatalf("docker stack deploy refuses the result: %v\n%s", err, out)
	}
	stays(t, stack)
}

// loaded is what compose-go makes of text, nil when it does not load it. It panics
// on some files; those are not ours.
func loaded(t *testing.T, text []byte) (m map[string]any) {
	t.Helper()
	defer func() {
		if recover() != nil {
			m = nil
		}
	}()
	m, err := load(t.Context(), text)
	if err != nil {
		return nil
	}
	return m
}

func stays(t *testing.T, stack map[string]any) {
	t.Helper()
	out, err := yaml.Marshal(stack)
	if err != nil || strings.Contains(string(out), "{{") {
		return
	}
	twice, _, err := lower.Lower(stack, lower.Options{Project: project})
	if err != nil {
		t.Fatalf("lowered once it is refused: %v", err)
	}
	if !reflect.DeepEqual(stack, twice) {
		t.Fatalf("lowered twice (-once +twice)\n%s", cmp.Diff(stack, twice))
	}
}
