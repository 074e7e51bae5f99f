package compose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/secret"
)

// An env file's own keys must come back, each evaluated as Compose does, and
// nothing that only stood before it.
func TestEnvFileIsReadAsComposeDoes(t *testing.T) {
	path := filetest.Write(t, t.TempDir(), "a.env", "export A='x # y'\nB=\"1\\n2\" # c\nC=${BEFORE}-${A}-${ASKED}\nD=\n# E=1\nF: colon\nG='two\nlines'\n")
	ask := func(name string) (string, bool) { return "asked", name == "ASKED" }
	got, err := ReadEnvFile(path, "", map[string]secret.Value{"BEFORE": secret.NewValue("before")}, ask)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"A": "x # y", "B": "1\n2", "C": "before-x # y-asked", "D": "", "F": "colon", "G": "two\nlines"}
	if diff := cmp.Diff(want, variables(got).texts()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Format raw must be lines as they stand: blanks before the key, a byte order mark
// and line ends are no part of it, and a key alone is asked for.
func TestRawEnvFileIsTakenLiterally(t *testing.T) {
	path := filetest.Write(t, t.TempDir(), "a.env", "\ufeffA='x' # y\r\n  B=$A \n# C=1\n\nASKED\nNOT\nD=\"\n")
	ask := func(name string) (string, bool) { return "asked", name == "ASKED" }
	got, err := ReadEnvFile(path, "raw", nil, ask)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"A": "'x' # y", "B": "$A ", "ASKED": "asked", "D": `"`}
	if diff := cmp.Diff(want, variables(got).texts()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A broken env file must be named with its line, and never quoted.
func TestBrokenEnvFileIsNamedAndNotQuoted(t *testing.T) {
	dir := t.TempDir()
	for text, where := range map[string]string{
		"A=1\nB=\"hunter2\nC=3\n":   ":2: a quote",
		"A=1\nB='hunter2":           ":2: a quote",
		"A=1\n\nhunter 2=x hunter2": ":3: ",
		"A=1\n%hunter2=1\n":         ":2: ",
		"A=${hunter2-":              ": ",
		"A=${NEED:?hunter2}\n":      ": a ${NAME:?} in it",
	} {
		path := filetest.Write(t, dir, "a.env", text)
		_, err := ReadEnvFile(path, "", nil, func(string) (string, bool) { return "", false })
		if err == nil || !strings.HasPrefix(err.Error(), path+where) || strings.Contains(err.Error(), "hunter") {
			t.Errorf("%q: %v", text, err)
		}
	}
	raw := filetest.Write(t, dir, "raw.env", "A=1\nhunter 2=x\n")
	if _, err := ReadEnvFile(raw, "raw", nil, nil); err == nil || !strings.HasPrefix(err.Error(), raw+":2: ") || strings.Contains(err.Error(), "hunter") {
		t.Errorf("raw: %v", err)
	}
	if _, err := ReadEnvFile(raw, "hunter2", nil, nil); err == nil {
		t.Error("an unknown format is taken")
	}
}

// No env file may make the reader panic, and no error may quote it.
func FuzzReadEnvFile(f *testing.F) {
	for _, seed := range []string{"A=1", "A='", "export A=\"x\\\"", "A=${B:-${C}}", "A: b", "=x", "A", "\ufeffA=1\r\nB=2", "A=$$", "A=\"${\"", "A=`x`"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const canary = "kR7xT2mB9vQ4wZ6n"
		path := filetest.Write(t, t.TempDir(), "a.env", text+"\nPASSWORD="+canary+text+"\n"+canary)
		for _, format := range []string{"", "raw"} {
			if _, err := ReadEnvFile(path, format, nil, nil); err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error of format %q quotes the file", format)
			}
		}
	})
}
