package swarm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// Deployer runs the user's own docker CLI.
type Deployer struct {
	Command string   // the CLI; docker if empty
	Global  []string // flags of docker itself, as the user gave them: --context prod
	Environ []string // the environment to take the child's from; see Environ
	Extra   []string // variables of Environ that the child gets besides
	Dir     string   // where the CLI runs; relative paths in a stack file on stdin start here
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// DeployOptions are those of docker stack deploy.
type DeployOptions struct {
	Stack            string
	Files            []string // of -c; "-" reads Stdin
	WithRegistryAuth bool
	ResolveImage     string // "", always, changed or never
	Prune            bool
}

// detachSince is the first major version of the CLI that knows --detach. Without
// the flag it warns there, and later ones may wait by themselves.
const detachSince = 26

// killDelay is how long the CLI may take to end after it was asked to.
const killDelay = 5 * time.Second

// Deploy runs docker stack deploy, which returns once the Swarm took the specs.
// The CLI gives up at a service that changes under it, as one does whose last
// update just ends, at a Swarm that elects a leader, at a daemon that restarts, and
// at what docker stack rm still removes; it is then run again, for two minutes. It ends when ctx does, and on Linux with this process. The error
// tells the exit code; what was wrong went to Stderr.
func (d Deployer) Deploy(ctx context.Context, opts DeployOptions) error {
	args := d.arguments(opts, d.knowsDetach(ctx))
	var stdin []byte
	if d.Stdin != nil {
		var err error
		if stdin, err = regular.Bounded(d.Stdin); err != nil {
			return err
		}
	}
	start := time.Now()
	for pause := time.Second; ; pause = min(2*pause, longestDeployPause) {
		passes, err := d.deployOnce(ctx, args, stdin)
		if err == nil || passes == "" || time.Since(start) > retryTimeout {
			return err
		}
		because(ctx, passes)
		if !sleep(ctx, pause) {
			return err
		}
	}
}

// longestDeployPause is the longest time between two tries.
const longestDeployPause = 8 * time.Second

// signalDelay is how long a signal that ended the CLI, which is in this process's group,
// may take to end ctx.
const signalDelay = 300 * time.Millisecond

// deployOnce runs the docker CLI once. If it fails, and the same run may succeed later,
// passes is why.
func (d Deployer) deployOnce(ctx context.Context, args []string, stdin []byte) (passes string, err error) {
	var said said
	cmd := d.command(ctx, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), deaf{d.Stdout}, io.MultiWriter(deaf{d.Stderr}, &said)
	err = runTied(cmd)
	switch {
	case err == nil:
		return "", nil
	case ctx.Err() != nil || !sleep(ctx, signalDelay):
		return "", fmt.Errorf("docker stack deploy was stopped: %w", context.Cause(ctx))
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%s: not found; install the docker CLI", cmd.Path)
	}
	err = fmt.Errorf("docker stack deploy: %w", err)
	if text := errors.New(string(said)); cliTransient(text) {
		return reasonOf(text), err
	}
	return "", err
}

// deaf is a writer that never fails: a reader who leaves, or a full disk, must not end the
// CLI in the middle of a deploy. A nil writer drops what is written.
type deaf struct{ w io.Writer }

func (d deaf) Write(p []byte) (int, error) {
	if d.w != nil {
		_, _ = d.w.Write(p)
	}
	return len(p), nil
}

// said is the end of what a program wrote, where it says why it failed.
type said []byte

func (s *said) Write(p []byte) (int, error) {
	const limit = 4096
	*s = append(*s, p...)
	*s = (*s)[max(0, len(*s)-limit):]
	return len(p), nil
}

func (d Deployer) arguments(opts DeployOptions, detach bool) []string {
	args := append([]string{}, d.Global...)
	args = append(args, "stack", "deploy")
	for _, file := range opts.Files {
		args = append(args, "--compose-file", file)
	}
	if detach {
		args = append(args, "--detach=true")
	}
	if opts.WithRegistryAuth {
		args = append(args, "--with-registry-auth")
	}
	if opts.ResolveImage != "" {
		args = append(args, "--resolve-image", opts.ResolveImage)
	}
	if opts.Prune {
		args = append(args, "--prune")
	}
	return append(args, "--", opts.Stack)
}

func (d Deployer) command(ctx context.Context, args ...string) *exec.Cmd {
	name := d.Command
	if name == "" {
		name = "docker"
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = d.Dir
	// Never nil, which would mean the whole environment of this process.
	cmd.Env = append([]string{}, Environ(d.Environ, d.Extra)...)
	cmd.Cancel = func() error { return terminate(cmd.Process) }
	cmd.WaitDelay = killDelay
	return cmd
}

var cliVersion = lazyregexp.New(`version (\d+)\.`) //nolint:gochecknoglobals // compiled once, never written

// knowsDetach reports whether the CLI takes --detach. It asks for the version, the one
// question that needs no daemon; a CLI that words it differently gets no flag.
func (d Deployer) knowsDetach(ctx context.Context) bool {
	out, err := d.command(ctx, "--version").Output()
	if err != nil {
		return false
	}
	match := cliVersion().FindSubmatch(out)
	if match == nil {
		return false
	}
	major, err := strconv.Atoi(string(match[1]))
	return err == nil && major >= detachSince
}
