package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// debianPatience is what one command that fetches or unpacks packages may take.
const debianPatience = 3 * time.Minute

// servers are the packages; apt knows which version of PostgreSQL the release has.
var servers = []string{"postgresql", "redis-server"}

// Of all that the servers depend on, an image needs these. Perl serves Debian's own
// wrappers, LLVM compiles long queries, and libc-l10n translates.
var (
	inImage  = regexp.MustCompile(`^(lib|zlib|postgresql-(client-)?[0-9]+$|redis-)`)
	notThere = regexp.MustCompile(`perl|^libllvm|^libz3|^libc-l10n`)
)

// debian is where packages come from: the machine's apt, with package lists of the
// machine or, when those are missing or stale, of the test's own. Nothing is
// installed.
type debian struct {
	t        *testing.T
	packages string // the folder that keeps them
	options  []string
}

// serverPackages returns the package files of the servers and of what they need.
// Without apt or network the test skips; the network must be there where the engine
// must.
func serverPackages(t *testing.T) []string {
	t.Helper()
	for _, program := range []string{"apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("no PostgreSQL and Redis to run: there is no %s here", program)
		}
	}
	d := newDebian(t)
	files, err := d.fetch()
	if err != nil {
		t.Logf("with package lists of its own, because: %v", err)
		files, err = d.withOwnLists().fetch()
	}
	if err == nil {
		return files
	}
	const require = "DOCKER_SECRETS_REQUIRE_ENGINE"
	if os.Getenv(require) == "1" {
		t.Fatalf("%s=1, but apt has no PostgreSQL and Redis: %v", require, err)
	}
	t.Skipf("no PostgreSQL and Redis to run: %v", err)
	return nil
}

// newDebian keeps packages in root's cache from one run to the next: apt checks
// their hashes, and nobody else can write there.
func newDebian(t *testing.T) *debian {
	t.Helper()
	d := &debian{t: t, packages: t.TempDir()}
	if cache, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(cache, "docker-secrets-e2e")
		if os.MkdirAll(cache, 0o700) == nil {
			d.packages = cache
		}
	}
	nothingInstalled := filepath.Join(t.TempDir(), "status")
	if err := os.WriteFile(nothingInstalled, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.options = []string{"-o", "Dir::State::status=" + nothingInstalled, "-o", "APT::Sandbox::User=root"}
	return d
}

// withOwnLists is d with package lists that it fetches itself.
func (d *debian) withOwnLists() *debian {
	lists := d.t.TempDir()
	own := *d
	own.options = append([]string{"-o", "Dir::State::Lists=" + lists, "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="}, d.options...)
	if _, err := own.apt("update"); err != nil {
		d.t.Logf("apt-get update: %v", err)
	}
	return &own
}

// fetch downloads what is not there yet.
func (d *debian) fetch() ([]string, error) {
	plan, err := d.apt(append([]string{"install", "--simulate", "--no-install-recommends"}, servers...)...)
	if err != nil {
		return nil, err
	}
	var names, patterns []string
	for line := range strings.Lines(plan) { // Inst NAME (VERSION …)
		words := strings.Fields(line)
		if len(words) > 2 && words[0] == "Inst" && inImage.MatchString(words[1]) && !notThere.MatchString(words[1]) {
			names = append(names, words[1])
			patterns = append(patterns, words[1]+"_"+strings.ReplaceAll(strings.Trim(words[2], "()"), ":", "%3a")+"_*.deb")
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("apt-get install --simulate names no package:\n%s", plan)
	}
	if _, err := d.apt(append([]string{"download"}, names...)...); err != nil {
		return nil, err
	}
	return d.files(patterns)
}

// files are the package files, one a pattern. Older ones may lie beside them.
func (d *debian) files(patterns []string) ([]string, error) {
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(d.packages, pattern))
		if err != nil || len(found) != 1 {
			return nil, fmt.Errorf("apt-get download left %d files %s", len(found), pattern)
		}
		files = append(files, found[0])
	}
	return files, nil
}

func (d *debian) apt(args ...string) (string, error) {
	return run(d.t, d.packages, "apt-get", append(d.options, args...)...)
}

// unpack makes a root file system of package files and returns its folder.
func unpack(t *testing.T, files []string) string {
	t.Helper()
	root := t.TempDir()
	for _, file := range files {
		if _, err := run(t, root, "dpkg-deb", "-x", file, root); err != nil {
			t.Fatal(err)
		}
	}
	dropUnread(t, root)
	// Since Debian 13 the packages leave these links to another one.
	for _, name := range []string{"lib", "lib64"} {
		if _, err := os.Lstat(filepath.Join(root, name)); err == nil {
			continue
		}
		if err := os.Symlink("usr/"+name, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// dropUnread removes the bulk that no program of the image reads.
func dropUnread(t *testing.T, root string) {
	t.Helper()
	for _, unread := range []string{"usr/share/doc", "usr/share/man", "usr/share/locale", "usr/lib/postgresql/*/lib/bitcode"} {
		found, _ := filepath.Glob(filepath.Join(root, unread))
		for _, path := range found {
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// run returns what a program printed; what it complained of is in the error.
func run(t *testing.T, dir, program string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), debianPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", program, err, stderr.String())
	}
	return stdout.String(), nil
}
