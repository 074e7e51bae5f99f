package plugin

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/streams"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted files in testdata")

// goldenCase is one application with what migrate makes of it. Its files are
// the application's, but for these:
//
//	args      flags of migrate, one line
//	environ   the shell's variables, KEY=VALUE a line
//	secrets   every secret of the application as it stands in the files, one a line
//	want/…    what migrate writes, its report, or its words and exit code
type goldenCase struct {
	name    string
	path    string // txtar file or folder
	intent  string // "# X must Y."
	files   map[string]string
	args    []string
	environ []string
	secrets []string
	want    map[string]string
}

// goldenCases reads every case. None, or one that does not say its intent, is a
// failure.
func goldenCases(t *testing.T) []goldenCase {
	t.Helper()
	testdata, err := filepath.Abs("../testdata") // the cases run in folders of their own
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(filepath.Join(testdata, "migrate", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases in %s/migrate: %v", testdata, err)
	}
	cases := []goldenCase{folderCase(t, filepath.Join(testdata, "gym-ai"))}
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		intent, _, _ := strings.Cut(string(archive.Comment), "\n")
		if !strings.HasPrefix(intent, "# ") || !strings.Contains(intent, " must ") {
			t.Errorf("%s: the first line is not \"# X must Y.\"", path)
		}
		files := map[string]string{}
		for _, f := range archive.Files {
			files[f.Name] = string(f.Data)
		}
		cases = append(cases, newCase(path, intent, files))
	}
	return cases
}

// folderCase reads the guide's example, which lies in a folder of its own.
func folderCase(t *testing.T, path string) goldenCase {
	t.Helper()
	c := newCase(path, "# the guide's example must become what the guide says.", tree(t, path))
	c.secrets = []string{"sk-example-8Jm2vQ7rT4wXz9Kc", "correct-horse-42-battery"}
	return c
}

func newCase(path, intent string, files map[string]string) goldenCase {
	c := goldenCase{
		name: strings.TrimSuffix(filepath.Base(path), ".txtar"), path: path, intent: intent,
		files: map[string]string{}, want: map[string]string{},
	}
	for name, text := range files {
		switch {
		case name == "args":
			c.args = strings.Fields(text)
		case name == "environ":
			c.environ = lines(text)
		case name == "secrets":
			c.secrets = lines(text)
		case strings.HasPrefix(name, "want/"):
			c.want[strings.TrimPrefix(name, "want/")] = text
		default:
			c.files[name] = text
		}
	}
	return c
}

func lines(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// unpack lays the case's files in a folder of the case's name and returns it.
func (c goldenCase) unpack(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), c.name)
	for name, text := range c.files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// rewrite puts got in the place of what the case wants.
func (c goldenCase) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	if !strings.HasSuffix(c.path, ".txtar") {
		for name, text := range got {
			path := filepath.Join(c.path, "want", name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	archive, err := txtar.ParseFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "want/") })
	for _, name := range slices.Sorted(maps.Keys(got)) {
		archive.Files = append(archive.Files, txtar.File{Name: "want/" + name, Data: []byte(got[name])})
	}
	if err := os.WriteFile(c.path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// tree is every file below dir, by its path with slashes.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// outcome is everything that a run of the program shows.
type outcome struct {
	exit           int
	stdout, stderr string
}

// execute runs the command tree in this process, in dir and with no variables
// but environ.
func execute(t *testing.T, dir string, environ []string, args ...string) outcome {
	t.Helper()
	t.Chdir(dir)
	defer onlyEnviron(environ)()
	var stdout, stderr bytes.Buffer
	dockerCLI, err := command.NewDockerCli(
		command.WithInputStream(io.NopCloser(strings.NewReader(""))),
		command.WithOutputStream(&stdout), command.WithErrorStream(&stderr),
	)
	if err != nil {
		t.Fatal(err)
	}
	root := newRootCommand(dockerCLI, "docker-secrets")
	root.SetArgs(args)
	root.SetOut(streams.NewOut(&stdout))
	root.SetErr(&stderr)
	exit := exitCode(dockerCLI, root.ExecuteContext(t.Context()))
	return outcome{exit: exit, stdout: stdout.String(), stderr: stderr.String()}
}

// onlyEnviron makes environ the process's environment until it is undone.
func onlyEnviron(environ []string) (undo func()) {
	before := os.Environ()
	set := func(pairs []string) {
		os.Clearenv()
		for _, pair := range pairs {
			key, text, _ := strings.Cut(pair, "=")
			if err := os.Setenv(key, text); err != nil {
				panic(fmt.Sprintf("set %s: %v", key, err))
			}
		}
	}
	set(environ)
	return func() { set(before) }
}
