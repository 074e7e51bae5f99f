package plugin

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/streams"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/internal/terminaltest"
)

// view is a way in which a person looks at what a command prints.
type view struct {
	name    string
	width   int // 0 for a pipe
	environ []string
}

func views() []view {
	plain := []string{"NO_COLOR=1"}
	return []view{{"pipe", 0, nil}, {"80", 80, plain}, {"80-colour", 80, nil}, {"120", 120, plain}, {"120-colour", 120, nil}}
}

// Each command must show exactly what its case in testdata/screens wants, on a terminal of
// 80 and of 120 columns, with and without colour, and in a pipe. Nothing may be wider.
func TestScreens(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("..", "testdata", "screens", "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for i := range paths {
		if paths[i], err = filepath.Abs(paths[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { screenCase(t, path) })
	}
}

func screenCase(t *testing.T, path string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if intent, _, _ := strings.Cut(string(archive.Comment), "\n"); !strings.HasPrefix(intent, "# ") || !strings.Contains(intent, " must ") {
		t.Errorf("the first line is not \"# X must Y.\"")
	}
	var commands []string
	given := &txtar.Archive{Comment: archive.Comment}
	want := map[string]string{}
	for _, f := range archive.Files {
		if name, isWanted := strings.CutPrefix(f.Name, "want/"); isWanted {
			want[name] = string(f.Data)
			continue
		}
		given.Files = append(given.Files, f)
		if f.Name == "commands" {
			commands = lines(string(f.Data))
		}
	}
	got := map[string]string{}
	for _, v := range views() {
		got[v.name] = v.session(t, given, commands)
		given.Files = append(given.Files, txtar.File{Name: "want/" + v.name, Data: []byte(got[v.name])})
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(given), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got; go test ./plugin -run Screens -update rewrites)\n%s", diff)
	}
}

// session runs commands in a folder with the files of the case, and returns what the last
// one shows.
func (v view) session(t *testing.T, files *txtar.Archive, commands []string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "shop")
	for _, f := range files.Files {
		path := filepath.Join(dir, f.Name)
		if strings.HasPrefix(f.Name, "want/") || f.Name == "commands" {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	defer onlyEnviron(append([]string{"PATH=/usr/bin:/bin"}, v.environ...))()
	for _, line := range commands[:len(commands)-1] {
		var ignored bytes.Buffer
		runOn(t, &ignored, strings.Fields(line))
	}
	last := strings.Fields(commands[len(commands)-1])
	if v.width == 0 {
		var out bytes.Buffer
		runOn(t, &out, last)
		if strings.Contains(out.String(), "\x1b") {
			t.Errorf("%s: control sequences in a pipe", v.name)
		}
		return out.String()
	}
	screen := terminaltest.Run(t, 24, v.width, func(program *os.File) { runOn(t, program, last) })
	if screen.Wrapped() && !slices.Contains(last, "--diff") { // which shows a file as it is
		t.Errorf("%s: a line is wider than the terminal", v.name)
	}
	if v.environ != nil && screen.Coloured() {
		t.Errorf("%s: colour in spite of NO_COLOR", v.name)
	}
	return screen.Text(terminaltest.Styles())
}

// runOn runs the command tree in this process, with out as its stdout and stderr.
func runOn(t *testing.T, out io.Writer, args []string) {
	t.Helper()
	dockerCLI, err := command.NewDockerCli(
		command.WithInputStream(io.NopCloser(strings.NewReader(""))),
		command.WithOutputStream(out), command.WithErrorStream(out),
	)
	if err != nil {
		t.Fatal(err)
	}
	root := newRootCommand(dockerCLI, "docker-secrets")
	root.SetArgs(args)
	root.SetOut(streams.NewOut(out))
	root.SetErr(out)
	exitCode(dockerCLI, root.ExecuteContext(t.Context()))
}
