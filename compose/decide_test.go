package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

const services = "services:\n  api: {image: x, environment: {A: 1, B: 2}}\n"

// Decisions must be added where the author keeps them, everything else byte for
// byte as it was.
func TestDecisionsAreAddedWhereTheAuthorKeepsThem(t *testing.T) {
	for _, c := range []struct{ name, before, after string }{
		{
			"no block", services,
			services + "\nx-docker-secrets:\n  secret:\n    - api.A\n  plain:\n    - api.B\n",
		},
		{
			"no line end", "services: {api: {image: x}} # c",
			"services: {api: {image: x}} # c\n\nx-docker-secrets:\n  secret:\n    - api.A\n  plain:\n    - api.B\n",
		},
		{
			"carriage returns", strings.ReplaceAll(services, "\n", "\r\n"),
			strings.ReplaceAll(services+"\nx-docker-secrets:\n  secret:\n    - api.A\n  plain:\n    - api.B\n", "\n", "\r\n"),
		},
		{
			"indented root", "  services: {}\n# end\n",
			"  services: {}\n# end\n\n  x-docker-secrets:\n    secret:\n      - api.A\n    plain:\n      - api.B\n",
		},
		{
			"a text that keeps its empty lines", "services: {}\nx-text: |+\n  a\n\n",
			"services: {}\nx-text: |+\n  a\n\nx-docker-secrets:\n  secret:\n    - api.A\n  plain:\n    - api.B\n",
		},
		{
			"empty block", "x-docker-secrets: # mine\nservices: {}\n",
			"x-docker-secrets: # mine\n  secret:\n    - api.A\n  plain:\n    - api.B\nservices: {}\n",
		},
		{
			"other keys", "x-docker-secrets:\n    # how\n    delivery: env # c\n" + services,
			"x-docker-secrets:\n    secret:\n      - api.A\n    plain:\n      - api.B\n    # how\n    delivery: env # c\n" + services,
		},
		{
			"lists", "x-docker-secrets:\n  secret:\n  - '*_X' # one\n  # two\n  - D\n\n  # three\n  plain:\n      - E\n" + services,
			"x-docker-secrets:\n  secret:\n  - '*_X' # one\n  # two\n  - D\n  - api.A\n\n  # three\n  plain:\n      - E\n      - api.B\n" + services,
		},
		{
			"list at the end of the file", "services: {}\nx-docker-secrets:\n  secret:\n    - D\n  plain:\n    - E",
			"services: {}\nx-docker-secrets:\n  secret:\n    - D\n    - api.A\n  plain:\n    - E\n    - api.B\n",
		},
		{
			"lists in brackets", "x-docker-secrets:\n  secret: [ \"*_X\", D ] # c\n  plain: []\nservices: {}\n",
			"x-docker-secrets:\n  secret: [ \"*_X\", D, api.A ] # c\n  plain: [api.B]\nservices: {}\n",
		},
		{
			"brackets over lines", "x-docker-secrets:\n  secret: [\n    D,\n    'é',\n  ]\nservices: {}\n",
			"x-docker-secrets:\n  plain:\n    - api.B\n  secret: [\n    D,\n    'é', api.A,\n  ]\nservices: {}\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Decided([]byte(c.before), verdict.Policy{Secret: []string{"api.A"}, Plain: []string{"api.B"}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.after, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A form that a line cannot be added to must be refused, with the text to add.
func TestDecisionsAreRefusedWithTheTextToAdd(t *testing.T) {
	for name, content := range map[string]string{
		"flow root":       "{services: {api: {image: x}}}\n",
		"flow block":      "x-docker-secrets: {secret: [D]}\nservices: {}\n",
		"null block":      "x-docker-secrets: ~\nservices: {}\n",
		"text":            "x-docker-secrets:\n  secret: D\nservices: {}\n",
		"folded item":     "x-docker-secrets:\n  secret:\n    - D\n      E\nservices: {}\n",
		"alias":           "x-a: &a {secret: [D]}\nx-docker-secrets: *a\nservices: {}\n",
		"list alias":      "x-a: &a [D]\nx-docker-secrets:\n  secret: *a\nservices: {}\n",
		"shared block":    "x-docker-secrets: &a\n  secret: [D]\nx-b: *a\nservices: {}\n",
		"shared list":     "x-docker-secrets:\n  secret: &a\n    - D\nx-b: *a\nservices: {}\n",
		"merge":           "x-a: &a {x-docker-secrets: {}}\n<<: *a\nservices: {}\n",
		"documents":       services + "---\n" + services,
		"ended":           services + "...\n",
		"an open text":    "services: {}\nx-text: |\n  no line end",
		"override":        "x-docker-secrets: !override\n  secret: [D]\nservices: {}\n",
		"carriage return": "x-docker-secrets:\r  secret:\r  - D\rservices: {}\r",
		"nothing":         "",
		"broken":          "a: [\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Decided([]byte(content), verdict.Policy{Secret: []string{"api.A"}})
			if err == nil {
				t.Fatalf("edited to\n%s", got)
			}
			if !strings.HasSuffix(err.Error(), "by hand:\n\nx-docker-secrets:\n  secret:\n    - api.A\n") {
				t.Errorf("the error does not say what to add: %v", err)
			}
		})
	}
}

// What is written must be read back as the decision that was made, whatever the
// names, and the file must keep its mode.
func TestDecideIsReadBack(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "docker-compose.yml")
	if err := os.WriteFile(path, []byte(services), 0o600); err != nil {
		t.Fatal(err)
	}
	want := verdict.Policy{
		Secret: []string{"1.5", "api.a$b", "api.it's", "api.A"}, Plain: []string{"a#b.c", "api.é", "web.A.B", "on.*"},
	}
	if file, err := load(t, dir).Decide(want); err != nil || file != "docker-compose.yml" {
		t.Fatalf("%s: %v", file, err)
	}
	if diff := cmp.Diff(want, load(t, dir).Written.Policy); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode changed: %v", err)
	}
}

// A compose file that somebody changed while the questions were asked must be left
// alone.
func TestDecideLeavesChangedFileAlone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "docker-compose.yml")
	if err := os.WriteFile(path, []byte(services), 0o600); err != nil {
		t.Fatal(err)
	}
	app := load(t, dir)
	if err := os.WriteFile(path, []byte(services+"# new\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := app.Decide(verdict.Policy{Plain: []string{"api.A"}})
	if err == nil || !strings.Contains(err.Error(), "docker-compose.yml was changed in the meantime") {
		t.Errorf("got %v", err)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != services+"# new\n" {
		t.Errorf("the file was written: %v\n%s", err, content)
	}
}

// Decisions must not be written to stdin.
func TestDecideRefusesStdin(t *testing.T) {
	app, err := Load(t.Context(), Options{Dir: t.TempDir(), Files: []string{"-"}, Stdin: strings.NewReader(services)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.Decide(verdict.Policy{Plain: []string{"api.A"}}); err == nil || !strings.HasPrefix(err.Error(), "stdin: ") {
		t.Errorf("got %v", err)
	}
}

func load(t *testing.T, dir string) *Application {
	t.Helper()
	app, err := Load(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// Whatever a compose file looks like, adding a decision must only add bytes, and
// must not panic.
func FuzzDecided(f *testing.F) {
	for _, seed := range []string{
		services, "x-docker-secrets:\n  secret: [A]\n  plain:\n  - B\n" + services, "x-docker-secrets:\r\n" + services, "a: |+\n\n", "? a\n: b\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, err := Decided(content, verdict.Policy{Secret: []string{"api.A"}, Plain: []string{"api.B"}})
		if err != nil {
			return
		}
		rest := content
		for _, b := range got {
			if len(rest) > 0 && rest[0] == b {
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			t.Fatalf("bytes are missing from\n%s", got)
		}
	})
}
