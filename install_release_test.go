//go:build unix

package main_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// releasedProgram answers as a plugin does, and prints its version.
const releasedProgram = "#!/bin/sh\nif [ \"${1-}\" = docker-cli-plugin-metadata ]; then echo {}; else printf v1.2.3; fi\n"

// A releasePage plays the page that releases are downloaded from: paths below it and
// what they answer.
type releasePage map[string]string

// newReleasePage returns a page whose newest release is v1.2.3, for this machine as
// uname describes it.
func newReleasePage(t *testing.T, system string) releasePage {
	t.Helper()
	archive := "docker-secrets_" + system + ".tar.gz"
	content := packed(t, releasedProgram)
	sum := sha256.Sum256([]byte(content))
	sums := strings.Repeat("0", 64) + "  docker-secrets_other_amd64.tar.gz\n" + hex.EncodeToString(sum[:]) + "  " + archive + "\n"
	page := releasePage{}
	for _, release := range []string{"latest/download/", "download/v1.2.3/"} {
		page[release+archive], page[release+"checksums.txt"] = content, sums
	}
	return page
}

// packed returns the archive of a release whose program is text.
func packed(t *testing.T, text string) string {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	files := tar.NewWriter(zipped)
	for name, content := range map[string]string{"docker-secrets": text, "LICENSE": "free"} {
		header := tar.Header{Name: name, Mode: 0o755, Size: int64(len(content))}
		if err := files.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if _, err := files.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return archive.String()
}

// ServeHTTP answers with what the page has. A content that ends in "…" breaks off.
func (p releasePage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, ok := p[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if part, broken := strings.CutSuffix(content, "…"); broken {
		w.Header().Set("Content-Length", "1000000")
		_, _ = w.Write([]byte(part))
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write([]byte(content))
}

// newDownload returns a script that stands alone on a Linux with an x86 processor, and
// downloads from page.
func newDownload(t *testing.T, page releasePage) *checkout {
	t.Helper()
	c := newCheckout(t)
	for _, file := range []string{"go.mod", "main.go"} {
		if err := os.Remove(filepath.Join(c.dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	c.without(t, "go")
	for _, tool := range []string{"cat", "curl", "gzip", "sha256sum", "tar"} {
		c.link(t, tool)
	}
	c.uname(t, "Linux", "x86_64")
	server := httptest.NewServer(page)
	t.Cleanup(server.Close)
	c.env = append(c.env, "DOCKER_SECRETS_RELEASES="+server.URL)
	return c
}

// uname lets the machine be another one.
func (c *checkout) uname(t *testing.T, system, machine string) {
	t.Helper()
	script(t, filepath.Join(c.bin, "uname"), `case $1 in -s) echo `+system+`;; -m) echo `+machine+`;; esac`)
}

func TestInstallDownloadsTheNewestRelease(t *testing.T) {
	// Outside a checkout install.sh must install the newest release in every POSIX shell, and leave nothing else.
	t.Parallel()
	for _, shell := range [][]string{{"sh"}, {"bash", "--posix"}, {"busybox", "sh"}, {"zsh", "--emulate", "sh"}} {
		t.Run(shell[0], func(t *testing.T) {
			t.Parallel()
			c := newDownload(t, newReleasePage(t, "linux_amd64"))
			c.shell = shell
			stdout, stderr := c.install(t)
			if !strings.Contains(stdout, "installed "+c.plugin()+"\n") || stderr != "" {
				t.Errorf("stdout: %s\nstderr: %s", stdout, stderr)
			}
			if got := output(t, c.plugin()); got != "v1.2.3" {
				t.Errorf("the plugin prints %q", got)
			}
			if diff := cmp.Diff([]string{"docker-secrets"}, names(t, filepath.Dir(c.plugin()))); diff != "" {
				t.Errorf("cli-plugins (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstallDownloadsWithWget(t *testing.T) {
	// Without curl wget must do.
	t.Parallel()
	c := newDownload(t, newReleasePage(t, "linux_amd64"))
	c.without(t, "curl")
	c.link(t, "wget")
	if _, err := os.Lstat(filepath.Join(c.bin, "wget")); err != nil {
		t.Skip("no wget here")
	}
	c.install(t)
	output(t, c.plugin())
}

func TestInstallDownloadsTheNamedRelease(t *testing.T) {
	// --version must take a release by its name, with or without v.
	t.Parallel()
	for _, args := range [][]string{{"--version", "v1.2.3"}, {"--version", "1.2.3"}, {"--version=1.2.3"}} {
		page := newReleasePage(t, "linux_amd64")
		for path := range page {
			if strings.HasPrefix(path, "latest/") {
				delete(page, path)
			}
		}
		c := newDownload(t, page)
		c.args = args
		c.install(t)
		output(t, c.plugin())
	}
}

func TestInstallKnowsMachines(t *testing.T) {
	// Each machine that a release is built for must find its archive.
	t.Parallel()
	for _, machine := range []struct{ system, machine, want string }{
		{"Linux", "x86_64", "linux_amd64"},
		{"Linux", "aarch64", "linux_arm64"},
		{"Linux", "armv7l", "linux_armv7"},
		{"Linux", "riscv64", "linux_riscv64"},
		{"Linux", "ppc64le", "linux_ppc64le"},
		{"Linux", "s390x", "linux_s390x"},
		{"Darwin", "arm64", "darwin_arm64"},
		{"Darwin", "x86_64", "darwin_amd64"},
	} {
		t.Run(machine.want, func(t *testing.T) {
			t.Parallel()
			c := newDownload(t, newReleasePage(t, machine.want))
			c.uname(t, machine.system, machine.machine)
			c.install(t)
		})
	}
}

func TestInstallRefusesUnknownMachines(t *testing.T) {
	// A machine that no release is built for must be named, with the way to build.
	t.Parallel()
	for _, machine := range [][2]string{{"Linux", "mips"}, {"SunOS", "x86_64"}, {"Darwin", "s390x"}, {"Darwin", "armv7l"}} {
		c := newDownload(t, newReleasePage(t, "linux_amd64"))
		c.uname(t, machine[0], machine[1])
		c.refuse(t, machine[0], "git clone https://")
	}
}

func TestInstallRefusesBadDownloads(t *testing.T) {
	// A download that is not the release, or not all of it, must change nothing and say what is wrong.
	t.Parallel()
	other := packed(t, "#!/bin/sh\necho other")
	const archive, sums = "latest/download/docker-secrets_linux_amd64.tar.gz", "latest/download/checksums.txt"
	for name, sample := range map[string]struct {
		change func(releasePage)
		want   string
	}{
		"wrong checksum": {func(p releasePage) { p[archive] = other }, "the checksum is"},
		"half a file":    {func(p releasePage) { p[archive] = p[archive][:50] + "…" }, "not as a whole"},
		"no archive":     {func(p releasePage) { delete(p, archive) }, "cannot be downloaded"},
		"no release":     {func(p releasePage) { delete(p, sums) }, "checksums.txt cannot be downloaded"},
		"not in the list": {func(p releasePage) {
			p[sums] = strings.ReplaceAll(p[sums], "linux_amd64", "linux_arm64")
		}, "checksums.txt does not name it"},
		"no list but a page": {func(p releasePage) { p[sums] = "<html>log in</html>\n" }, "checksums.txt does not name it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := newReleasePage(t, "linux_amd64")
			sample.change(page)
			c := newDownload(t, page)
			if err := os.MkdirAll(filepath.Dir(c.plugin()), 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, c.plugin(), "old", 0o755)
			_, stderr, status := c.run(t, c.home)
			if status != 1 || !strings.Contains(stderr, sample.want) || !strings.Contains(stderr, "nothing was installed") {
				t.Errorf("exit status %d, want 1; stderr: %s", status, stderr)
			}
			if got := read(t, c.plugin()); got != "old" {
				t.Error("the old plugin was replaced")
			}
			if diff := cmp.Diff([]string{"docker-secrets"}, names(t, filepath.Dir(c.plugin()))); diff != "" {
				t.Errorf("cli-plugins (-want +got):\n%s", diff)
			}
		})
	}
}

func TestInstallUsesOnlyTLS(t *testing.T) {
	// A page without TLS must be refused, but for this machine.
	t.Parallel()
	for _, page := range []string{"http://example.com/releases", "http://127.0.0.1.example.com", "ftp://127.0.0.1/"} {
		c := newDownload(t, nil)
		c.env = []string{"DOCKER_SECRETS_RELEASES=" + page}
		_, stderr, status := c.run(t, c.home)
		if status != 1 || !strings.Contains(stderr, "only https is used") {
			t.Errorf("%s: exit status %d, want 1; stderr: %s", page, status, stderr)
		}
	}
}

func TestInstallUninstalls(t *testing.T) {
	// --uninstall must remove the plugin and its cache, and nothing else; a second one says that nothing is there.
	t.Parallel()
	c := newDownload(t, newReleasePage(t, "linux_amd64"))
	c.install(t)
	other := filepath.Join(filepath.Dir(c.plugin()), "docker-other")
	write(t, other, "other", 0o755)
	cache := filepath.Join(c.home, ".cache", "docker-secrets")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	c.args = []string{"--uninstall"}
	if stdout, _ := c.install(t); stdout != "removed "+c.plugin()+"\n" {
		t.Errorf("stdout: %s", stdout)
	}
	if diff := cmp.Diff([]string{"docker-other"}, names(t, filepath.Dir(c.plugin()))); diff != "" {
		t.Errorf("cli-plugins (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(cache); err == nil {
		t.Error("the cache is still there")
	}
	c.refuse(t, c.plugin()+" does not exist")
}

func TestInstallRefusesUnknownOptions(t *testing.T) {
	// A mistyped option must install nothing.
	t.Parallel()
	for _, args := range [][]string{{"--realease"}, {"--version"}, {"v1.2.3"}} {
		c := newDownload(t, newReleasePage(t, "linux_amd64"))
		c.args = args
		c.refuse(t, args[0])
	}
}

func TestInstallBuildNeedsACheckout(t *testing.T) {
	// --build outside a checkout must say where one is to be had.
	t.Parallel()
	c := newDownload(t, newReleasePage(t, "linux_amd64"))
	c.args = []string{"--build"}
	c.refuse(t, "git clone https://")
}

func TestInstallReleaseInACheckout(t *testing.T) {
	// --release in a checkout must download, without Go.
	t.Parallel()
	c := newDownload(t, newReleasePage(t, "linux_amd64"))
	write(t, filepath.Join(c.dir, "go.mod"), goMod(t), 0o644)
	c.args = []string{"--release"}
	c.install(t)
	output(t, c.plugin())
}
