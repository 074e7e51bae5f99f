//go:build unix

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A gitlabJob is a job of packaging/gitlab-ci.yml, as far as a runner needs it.
type gitlabJob struct {
	Image   string
	Extends string
	Before  []string `yaml:"before_script"`
	Script  []string
}

// newAlpine is a machine as the image of the jobs is: busybox, no curl, no bash, and a
// docker that says what it is asked and exits with code.
func newAlpine(t *testing.T, page releasePage, code string) *checkout {
	t.Helper()
	box, err := exec.LookPath("busybox")
	if err != nil {
		t.Skip("no busybox here")
	}
	c := newRunner(t, page, code)
	for _, name := range names(t, c.bin) {
		if name != "docker" && name != "uname" {
			c.without(t, name)
		}
	}
	for _, applet := range []string{"awk", "cat", "dirname", "grep", "gzip", "mkdir", "mktemp", "mv", "rm", "sh", "sha256sum", "tar", "wget"} {
		if err := os.Symlink(box, filepath.Join(c.bin, applet)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// runJob runs a job as GitLab does: all its lines in one shell that ends at the first
// fault. The release page is that of the test.
func runJob(t *testing.T, c *checkout, name string, env ...string) (string, int) {
	t.Helper()
	var jobs map[string]gitlabJob
	parsed(t, "packaging/gitlab-ci.yml", &jobs)
	job := jobs[name]
	lines := strings.Join(append(jobs[job.Extends].Before, job.Script...), "\n")
	if len(job.Script) == 0 || jobs[job.Extends].Image == "" {
		t.Fatalf("%s: no script, or no image", name)
	}
	releases := strings.TrimPrefix(c.env[len(c.env)-1], "DOCKER_SECRETS_RELEASES=")
	lines = strings.ReplaceAll(lines, "https://github.com/docker-secrets/docker-secrets/releases", releases)
	lines = strings.ReplaceAll(lines, "/tmp/install.sh", filepath.Join(filepath.Dir(c.bin), "downloaded.sh"))
	cmd := exec.CommandContext(t.Context(), filepath.Join(c.bin, "sh"), "-e", "-c", lines)
	cmd.Dir = c.home
	cmd.Env = append([]string{"PATH=" + c.bin, "HOME=" + c.home, "DOCKER_SECRETS_VERSION=", "COMPOSE_FOLDER=.", "STACK="}, c.env...)
	cmd.Env = append(cmd.Env, env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// The jobs of the template must install the plugin in an image of busybox and the docker
// CLI, and run what they are called after.
func TestGitLabJobs(t *testing.T) {
	t.Parallel()
	for name, sample := range map[string]struct {
		docker string // the exit code of the command
		want   int
		words  string
	}{
		"secrets-check":   {"0", 0, "<secrets>\n<migrate>\n<--check>\n"},
		"secrets-deploy":  {"3", 0, "<secrets>\n<deploy>\n<--exit-code>\n<my shop>\n"},
		"secrets-deploy ": {"1", 1, "<secrets>\n<deploy>\n<--exit-code>\n<my shop>\n"},
		"secrets-check ":  {"3", 3, "<secrets>\n<migrate>\n<--check>\n"},
	} {
		for _, version := range []string{"", "v1.2.3"} {
			page := newReleasePage(t, "linux_amd64")
			page["latest/download/install.sh"] = read(t, "install.sh")
			c := newAlpine(t, page, sample.docker)
			said, code := runJob(t, c, strings.TrimSpace(name), "STACK=my shop", "DOCKER_SECRETS_VERSION="+version)
			if code != sample.want || !strings.Contains(said, sample.words) {
				t.Errorf("%s: exit status %d, want %d; said:\n%s", name, code, sample.want, said)
			}
			if _, err := os.Stat(c.plugin()); err != nil {
				t.Error(err)
			}
		}
	}
}
