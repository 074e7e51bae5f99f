package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

func TestMain(m *testing.M) { os.Exit(enginetest.Run(m)) }

// patience is what one command of a test may take, on a busy machine too.
const patience = 4 * time.Minute

// program builds the plugin once for all tests and returns its path.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "docker-secrets-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "docker-secrets")
	out, err := exec.Command("go", "build", "-o", path, "..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// rig is a user at a machine: a folder, a docker CLI that has the plugin, and a
// Swarm seen through a recording proxy.
type rig struct {
	t      *testing.T
	engine *enginetest.Engine
	proxy  *enginetest.Proxy
	dir    string
	config string
	env    []string // besides the machine's own
	said   bytes.Buffer
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return rigAt(t, enginetest.Shared(t))
}

// needDocker skips the test where there is no docker CLI, unless there must be one.
func needDocker(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("docker"); err != nil {
		if os.Getenv("DOCKER_SECRETS_REQUIRE_ENGINE") == "1" {
			t.Fatal("there is no docker CLI here, and DOCKER_SECRETS_REQUIRE_ENGINE=1 wants it")
		}
		t.Skip("there is no docker CLI here")
	}
}

// rigAt is a user of that engine.
func rigAt(t *testing.T, engine *enginetest.Engine) *rig {
	t.Helper()
	needDocker(t)
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, engine: engine, proxy: enginetest.NewProxy(t, engine), dir: t.TempDir(), config: t.TempDir()}
	plugins := filepath.Join(r.config, "cli-plugins")
	if err := os.MkdirAll(plugins, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(plugins, "docker-secrets")); err != nil {
		t.Fatal(err)
	}
	return r
}

// result is what a command did.
type result struct {
	code           int
	stdout, stderr string
}

// docker runs the CLI in the rig's folder. Everything it says is remembered.
func (r *rig) docker(args ...string) result {
	r.t.Helper()
	return r.dockerAt(r.proxy.Host, args...)
}

func (r *rig) dockerAt(host string, args ...string) result {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	cmd := r.command(ctx, host, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	r.said.Write(stdout.Bytes())
	r.said.Write(stderr.Bytes())
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func (r *rig) command(ctx context.Context, host string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.engine.CLI, args...)
	cmd.Dir = r.dir
	cmd.Env = append([]string{"PATH=" + r.path(), "HOME=" + r.config, "DOCKER_CONFIG=" + r.config}, r.env...)
	if host != "" {
		cmd.Env = append(cmd.Env, "DOCKER_HOST="+host)
	}
	return cmd
}

// path is the search path: the plugin run alone finds the CLI there.
func (r *rig) path() string {
	if !filepath.IsAbs(r.engine.CLI) {
		return os.Getenv("PATH")
	}
	return filepath.Dir(r.engine.CLI) + string(filepath.ListSeparator) + os.Getenv("PATH")
}

// must fails the test unless the command did its work.
func (r *rig) must(args ...string) result {
	r.t.Helper()
	got := r.docker(args...)
	if got.code != 0 {
		r.t.Fatalf("docker %s: exit %d\n%s%s", strings.Join(args, " "), got.code, got.stdout, got.stderr)
	}
	return got
}

// write makes a file in the rig's folder.
func (r *rig) write(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// stackFile is the text of the stack file that migrate wrote.
func (r *rig) stackFile() string {
	r.t.Helper()
	return r.read("docker-compose.prod.yml")
}

// read is the text of a file in the rig's folder.
func (r *rig) read(name string) string {
	r.t.Helper()
	content, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(content)
}

// eventually waits for a condition until ctx ends.
func (r *rig) eventually(ctx context.Context, what string, condition func() bool) {
	r.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-ctx.Done():
			r.t.Errorf("never came true: %s", what)
			return
		case <-tick.C:
		}
	}
}

// tag gives the engine's one image another name, with a command that stays.
func (r *rig) tag(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if got := r.dockerAt(r.engine.Host, "tag", enginetest.Image, name); got.code != 0 {
			r.t.Fatal(got.stderr)
		}
	}
}

// secretWrites are the recorded calls that changed a secret or a config. A
// refused question is none.
func secretWrites(calls []enginetest.Call) []string {
	var found []string
	for _, call := range calls {
		if strings.HasPrefix(call.Path, "/secrets") || strings.HasPrefix(call.Path, "/configs") {
			found = append(found, fmt.Sprintf("%s %s: %d", call.Method, call.Path, call.Status))
		}
	}
	return found
}
