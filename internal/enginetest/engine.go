package enginetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/client"
)

// Image is the one image of a Swarm that Shared started: busybox with all its
// applets in /bin.
const Image = "busybox:local"

// startTimeout is how long a daemon may take until it answers; a busy machine
// with two cores needs about three seconds.
const startTimeout = time.Minute

// Engine is a running daemon.
type Engine struct {
	Host   string // for DOCKER_HOST
	CLI    string // the docker CLI of the same release: its path, or its name on the PATH
	Client *client.Client

	dir  string
	pid  int
	kill func() // ends the daemon and all it started, and waits for the end
}

// start runs a daemon on a private socket and waits until it answers. It is the one of
// a root file system, or of the machine if root is "".
func start(root string) (*Engine, error) {
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		return nil, err
	}
	engine := &Engine{Host: "unix://" + filepath.Join(dir, "docker.sock"), CLI: "docker", dir: dir}
	if engine.pid, engine.kill, err = startDaemon(dir, root); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	engine.Client, err = client.NewClientWithOpts(client.WithHost(engine.Host), client.WithAPIVersionNegotiation())
	if err == nil {
		err = engine.await()
	}
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, engine.logTail())
		engine.stop()
		return nil, err
	}
	return engine, nil
}

func (e *Engine) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := e.Client.Ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("dockerd does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// awaitManager waits until the daemon is a manager whose Swarm answers.
func (e *Engine) awaitManager(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := e.Client.NodeList(ctx, swarm.NodeListOptions{})
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the manager does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// prepare makes the daemon a Swarm and gives it Image.
func (e *Engine) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := e.InitSwarm(ctx); err != nil {
		return err
	}
	root, err := busyboxRoot()
	if err != nil {
		return err
	}
	reply, err := e.Client.ImageImport(ctx,
		image.ImportSource{Source: root, SourceName: "-"}, Image,
		image.ImportOptions{Changes: []string{"ENV PATH=/bin"}})
	if err != nil {
		return fmt.Errorf("import %s: %w", Image, err)
	}
	return reply.Close()
}

// InitSwarm makes the daemon the only manager of a new Swarm.
func (e *Engine) InitSwarm(ctx context.Context) error {
	_, err := e.Client.SwarmInit(ctx, swarm.InitRequest{ListenAddr: "127.0.0.1:2377", AdvertiseAddr: "127.0.0.1"})
	if err != nil {
		return fmt.Errorf("swarm init: %w", err)
	}
	return nil
}

func (e *Engine) stop() {
	if e.Client != nil {
		_ = e.Client.Close()
	}
	e.kill()
	_ = os.RemoveAll(e.dir)
}

// logTail returns the end of the daemon's log, for a failure's message.
func (e *Engine) logTail() string {
	log, err := os.ReadFile(filepath.Join(e.dir, "log")) //nolint:forbidigo // the rig's own file
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(log)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
