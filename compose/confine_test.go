//go:build unix

package compose

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
)

// naming are the ways in which an application names a file. % is its path.
var naming = map[string]map[string]string{
	"env_file":               {"compose.yaml": "services: {a: {image: x, env_file: '%'}}\n"},
	"env_file, raw":          {"compose.yaml": "services: {a: {image: x, env_file: [{path: '%', format: raw}]}}\n"},
	"label_file":             {"compose.yaml": "services: {a: {image: x, label_file: '%'}}\n"},
	"configs.file":           {"compose.yaml": "services: {a: {image: x, configs: [c]}}\nconfigs: {c: {file: '%'}}\n"},
	"secrets.file":           {"compose.yaml": "services: {a: {image: x, secrets: [c]}}\nsecrets: {c: {file: '%'}}\n"},
	"include":                {"compose.yaml": "include: ['%']\nservices: {a: {image: x}}\n"},
	"include, by a variable": {"compose.yaml": "include: ['${WHERE:-%}']\nservices: {a: {image: x}}\n"},
	"include, env_file":      {"compose.yaml": "include: [{path: b.yaml, env_file: '%'}]\n", "b.yaml": "services: {a: {image: x}}\n"},
	"include, included":      {"compose.yaml": "include: [b.yaml]\n", "b.yaml": "include: ['%']\n"},
	"extends":                {"compose.yaml": "services: {a: {image: x, extends: {file: '%', service: a}}}\n"},
	"extends, extended":      {"compose.yaml": "services: {a: {extends: {file: b.yaml, service: a}}}\n", "b.yaml": "services: {a: {image: x, extends: {file: '%', service: a}}}\n"},
	"extends, included":      {"compose.yaml": "include: [b.yaml]\n", "b.yaml": "services: {a: {image: x, extends: {file: '%', service: a}}}\n"},
	"extends of a merge":     {"compose.yaml": "x-a: &a {extends: {file: '%', service: a}}\nservices: {a: {<<: *a, image: x}}\n"},
	"extends of a job":       {"compose.yaml": "services: {a: {image: x}}\njobs: {b: {image: x, extends: {file: '%', service: a}}}\n"},
	"COMPOSE_FILE":           {".env": "COMPOSE_FILE=%\n"},
}

// What an application names and what is no regular file of a bounded size must be an
// error at once, whoever opens it.
func TestNothingIsOpenedButRegularFiles(t *testing.T) {
	for what, files := range naming {
		t.Run(what, func(t *testing.T) {
			for name, path := range oddFiles(t) {
				if err := loadNaming(t, files, path, Options{}); err == nil {
					t.Errorf("%s: loaded without an error", name)
				} else if !strings.Contains(err.Error(), "not a regular file") && !strings.Contains(err.Error(), "larger than 16 MiB") {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// oddFiles makes files that must not be opened. To open the pipe would wait for ever.
func oddFiles(t *testing.T) map[string]string {
	t.Helper()
	pipe, large := filepath.Join(t.TempDir(), "pipe"), filepath.Join(t.TempDir(), "large")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	filetest.Write(t, filepath.Dir(large), "large", "")
	if err := os.Truncate(large, 16<<20+1); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"a pipe": pipe, "a device": "/dev/zero", "a large file": large}
}

// Files that the program looks for by itself must be regular ones too.
func TestImpliedFilesAreRegular(t *testing.T) {
	for _, name := range []string{"compose.yaml", "compose.override.yaml", ".env", "sub/.env"} {
		dir := t.TempDir()
		filetest.Write(t, dir, "compose.yaml", "include: [sub/b.yaml]\n")
		filetest.Write(t, dir, "sub/b.yaml", "services: {a: {image: x}}\n")
		_ = os.Remove(filepath.Join(dir, name))
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Skip(err)
		}
		if _, err := Load(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A confined application must not read a file outside of its folder: neither by its
// path nor through a link. The file here is one that would be an error to read.
func TestConfinedRefusesBeforeItReads(t *testing.T) {
	outside := filetest.Write(t, t.TempDir(), "outside", "\x00 ]: not YAML and no env file =\n")
	for what, files := range naming {
		for _, path := range []string{outside, "link"} {
			err := loadNaming(t, files, path, Options{Confined: true}, "link", outside)
			if err == nil || !strings.Contains(err.Error(), "outside the project, which --confined forbids") {
				t.Errorf("%s, %s: %v", what, path, err)
			}
		}
	}
}

// loadNaming loads files with path in the place of %. links are pairs of a link and its
// target.
func loadNaming(t *testing.T, files map[string]string, path string, o Options, links ...string) error {
	t.Helper()
	o.Dir = t.TempDir()
	for name, text := range files {
		filetest.Write(t, o.Dir, name, strings.ReplaceAll(text, "%", path))
	}
	for i := 0; i+1 < len(links); i += 2 {
		if err := os.Symlink(links[i+1], filepath.Join(o.Dir, links[i])); err != nil {
			t.Fatal(err)
		}
	}
	_, err := Load(t.Context(), o)
	return err
}

// The files of a confined application may be anywhere in its folder, and those that the
// user names anywhere at all.
func TestConfinedReadsWhatItMay(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	given := filetest.Write(t, other, "given.env", "A=b\n")
	filetest.Write(t, dir, "compose.yaml", "include: [sub/b.yaml]\nservices: {a: {image: x, extends: {file: sub/c.yaml, service: a}, build: ..}}\n")
	filetest.Write(t, dir, "sub/b.yaml", "services: {b: {image: x, extends: {file: ../base.yaml, service: b}, env_file: ../e.env}}\n")
	filetest.Write(t, dir, "sub/c.yaml", "services: {a: {image: x}}\n")
	filetest.Write(t, dir, "base.yaml", "services: {b: {image: x}}\n")
	filetest.Write(t, dir, "e.env", "A=b\n")
	link := filepath.Join(other, "project")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{
		{Dir: dir},
		{Dir: link},
		{Dir: other, Files: []string{filepath.Join(dir, "compose.yaml")}},
		{Dir: dir, EnvFiles: []string{given}},
		{Dir: filepath.Join(dir, "sub"), ProjectDir: ".."},
	} {
		o.Confined = true
		if _, err := Load(t.Context(), o); err != nil {
			t.Errorf("%+v: %v", o.Files, err)
		}
	}
}
