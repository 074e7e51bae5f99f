package buildcontext

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// everything is the pattern of COPY . /app.
var everything = []string{""}

// contextOf is a context with these files.
func contextOf(files map[string]string) fstest.MapFS {
	context := fstest.MapFS{}
	for name, text := range files {
		context[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return context
}

// The first place in a source file must be found, and no other kind of file count.
func TestSearch(t *testing.T) {
	for _, c := range []struct {
		intent, want string
		files        map[string]string
	}{
		{"a source file", "app/settings.py:2 /run/secrets", map[string]string{
			"app/settings.py": "import os\nsecret = open('/run/secrets/' + name)\n", "app/zz.py": "/run/secrets", "main.go": "/run/secrets",
		}},
		{"a switch by the environment", "index.js:1 USE_DOCKER_SECRETS", map[string]string{"index.js": "if (process.env.USE_DOCKER_SECRETS) read()"}},
		{"the shorter word", "run:1 DOCKER_SECRETS", map[string]string{"run": "$DOCKER_SECRETS"}},
		{"a setting that names the folder", "application.yml:3 /run/secrets", map[string]string{"application.yml": "spring:\n  config:\n    import: configtree:/run/secrets/\n"}},
		{"nothing", "", map[string]string{"main.go": "package main", "a/b/c.py": "print(1)"}},
		{"Kubernetes' own files", "", map[string]string{"main.go": `"/var/run/secrets/kubernetes.io/serviceaccount/token"`}},
		{"Kubernetes' files and Docker's", "main.go:2 /run/secrets", map[string]string{"main.go": "/run/secrets/kubernetes.io\n/run/secrets/x"}},
		{"documents, hidden files, environment files", "", map[string]string{
			"README.md": "/run/secrets", "docs/a.rst": "/run/secrets", ".github/workflows/a.py": "/run/secrets", ".env": "A_FILE=/run/secrets/a", "prod.env": "A=/run/secrets/a",
		}},
		{"Dockerfiles, which mount build secrets", "", map[string]string{"Dockerfile": "RUN --mount=type=secret,id=x cat /run/secrets/x", "deploy/web.Dockerfile": "/run/secrets", "Dockerfile.dev": "/run/secrets"}},
		{"compose files and manifests", "", map[string]string{
			"docker-compose.yml": "# mine\nservices:\n  a: {environment: {A_FILE: /run/secrets/a}}", "k8s/a.yaml": "apiVersion: v1\na: /run/secrets",
		}},
		{"libraries", "", map[string]string{"node_modules/a/index.js": "/run/secrets", "vendor/b/b.go": "/run/secrets"}},
		{"binary files", "", map[string]string{"app.bin": "\x7fELF\x00/run/secrets"}},
		{"files that are too large", "", map[string]string{"bundle.js": "/run/secrets" + strings.Repeat(" ", maxFile)}},
		{"what .dockerignore keeps out", "", map[string]string{".dockerignore": "# a comment\ntests\n*.sh\n", "tests/a.py": "/run/secrets", "run.sh": "/run/secrets"}},
		{"what .dockerignore lets in again", "tests/keep/a.py:1 /run/secrets", map[string]string{".dockerignore": "tests\n!tests/keep\n", "tests/a.py": "/run/secrets", "tests/keep/a.py": "/run/secrets"}},
		{"the Dockerfile's own ignore file", "a.py:1 /run/secrets", map[string]string{".dockerignore": "*", "Dockerfile.dockerignore": "b.py", "a.py": "/run/secrets"}},
	} {
		got, err := Search(contextOf(c.files), "", everything)
		text := ""
		if got.Found() {
			text = fmt.Sprintf("%s:%d %s", got.File, got.Line, got.Word)
		}
		if text != c.want || err != nil || got.Cut {
			t.Errorf("%s: %q, want %q (%v)", c.intent, text, c.want, err)
		}
	}
}

// Only what the Dockerfile copies must be looked at: the rest of a repository is of other
// services.
func TestSearchLooksAtWhatIsCopied(t *testing.T) {
	context := contextOf(map[string]string{"api/a.py": "/run/secrets", "web/src/b.js": "/run/secrets", "c.sh": "/run/secrets"})
	for copied, want := range map[string]string{
		"": "api/a.py", "web": "web/src/b.js", "web/src/b.js": "web/src/b.js", "w*": "web/src/b.js", "*.sh": "c.sh", "*.py": "", "we": "", "[": "",
	} {
		got, err := Search(context, "", []string{copied})
		if got.File != want || err != nil {
			t.Errorf("%q: %+v %v", copied, got, err)
		}
	}
	if got, err := Search(context, "", nil); got.Found() || err != nil {
		t.Errorf("nothing is copied: %+v %v", got, err)
	}
}

// A search must end at its bounds, and say so.
func TestSearchIsBounded(t *testing.T) {
	context := contextOf(map[string]string{"a": "1234", "b/c": "1234", "z.py": "/run/secrets"})
	for _, c := range []struct {
		bounds bounds
		found  bool
	}{
		{bounds{entries: 4, bytes: 20}, true},
		{bounds{entries: 3, bytes: 20}, false},
		{bounds{entries: 4, bytes: 7}, false},
	} {
		got, err := c.bounds.search(context, "", everything)
		if got.Found() != c.found || got.Cut == c.found || err != nil {
			t.Errorf("%+v: %+v %v", c.bounds, got, err)
		}
	}
}

// No link may lead out of the context, or round in a circle.
func TestSearchFollowsNoLink(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "a.py"), []byte("/run/secrets"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"file.py": filepath.Join(outside, "a.py"), "folder": outside, "circle": "."} {
		if err := os.Symlink(target, filepath.Join(inside, name)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := Search(os.DirFS(inside), "", everything); got.Found() || got.Cut || err != nil {
		t.Errorf("%+v %v", got, err)
	}
}

// What cannot be read must be passed over, and a bad ignore file be an error that quotes nothing.
func TestSearchFaults(t *testing.T) {
	context := contextOf(map[string]string{"b.py": "/run/secrets"})
	context["a.py"] = &fstest.MapFile{Mode: fs.ModeDevice}
	if got, err := Search(context, "", everything); got.File != "b.py" || err != nil {
		t.Errorf("a device: %+v %v", got, err)
	}
	_, err := Search(contextOf(map[string]string{".dockerignore": "[hunter2"}), "", everything)
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a bad pattern: %v", err)
	}
	if _, err = Search(os.DirFS(filepath.Join(t.TempDir(), "missing")), "", everything); err == nil {
		t.Error("a context that is not there is no error")
	}
}

// No content may make the search panic, and what is found must stand there.
func FuzzSearch(f *testing.F) {
	f.Add("*\n!a", "x\n/run/secrets/kubernetes.io DOCKER_SECRETS")
	f.Fuzz(func(t *testing.T, ignore, content string) {
		got, err := Search(contextOf(map[string]string{".dockerignore": ignore, "a": content}), "", everything)
		if err == nil && got.Found() && !strings.Contains(strings.Split(content, "\n")[got.Line-1], got.Word) {
			t.Errorf("%+v", got)
		}
	})
}
