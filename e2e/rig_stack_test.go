package e2e

import (
	"context"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
)

// removeStack cleans the Swarm of a stack and its secrets when the test ends. It
// does not wait for programs that ignore SIGTERM.
func (r *rig) removeStack(stack string, secrets ...string) {
	r.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		r.endStackBy(ctx, stack)
		r.eventually(ctx, "the stack's containers are gone", func() bool {
			running, err := r.running(ctx, "com.docker.stack.namespace="+stack)
			for _, id := range running {
				_ = r.engine.Client.ContainerKill(ctx, id, "KILL")
			}
			return err == nil && len(running) == 0
		})
		for _, name := range secrets {
			_ = r.command(ctx, r.engine.Host, "secret", "rm", name).Run()
		}
	})
}

// endStack removes a stack in the middle of a test.
func (r *rig) endStack(stack string) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	r.endStackBy(ctx, stack)
}

// endStackBy repeats docker stack rm until it succeeds: it fails while a network of the
// stack still has a task, and leaves the network.
func (r *rig) endStackBy(ctx context.Context, stack string) {
	r.t.Helper()
	r.eventually(ctx, "docker stack rm "+stack+" succeeds", func() bool {
		return r.command(ctx, r.engine.Host, "stack", "rm", stack).Run() == nil
	})
}

// container is the ID of a running task of service.
func (r *rig) container(service string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	id := ""
	r.eventually(ctx, "a task of "+service+" runs", func() bool {
		running, err := r.running(ctx, "com.docker.swarm.service.name="+service)
		if err != nil || len(running) == 0 {
			return false
		}
		id = running[0]
		return true
	})
	return id
}

// running are the IDs of the running containers with a label, the newest first.
func (r *rig) running(ctx context.Context, label string) ([]string, error) {
	found, err := r.engine.Client.ContainerList(ctx, container.ListOptions{Filters: filters.NewArgs(filters.Arg("label", label))})
	var ids []string
	for i := range found {
		ids = append(ids, found[i].ID)
	}
	return ids, err
}

// inTask is the output of a command in a running task of service.
func (r *rig) inTask(service string, args ...string) string {
	r.t.Helper()
	said := r.said.Len()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	var got result
	r.eventually(ctx, "a command runs in a task of "+service, func() bool {
		got = r.dockerAt(r.engine.Host, append([]string{"exec", r.container(service)}, args...)...)
		return !endedMeanwhile(got) // an update may stop the task that was just found
	})
	r.said.Truncate(said) // the test asked for it
	if got.code != 0 {
		r.t.Fatalf("exec in %s: exit %d\n%s%s", service, got.code, got.stdout, got.stderr)
	}
	return got.stdout
}

// fileInTask returns a file that a task of service writes when it starts. A task runs
// before its program has done that.
func (r *rig) fileInTask(service, path string) string {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	r.eventually(ctx, "a task of "+service+" writes "+path, func() bool {
		return r.inTask(service, "sh", "-c", "test -s "+path+" && echo there || true") != ""
	})
	return r.inTask(service, "cat", path)
}

// endedMeanwhile tells whether docker exec failed because the container had ended.
func endedMeanwhile(got result) bool {
	said := got.stdout + got.stderr
	return got.code != 0 && (strings.Contains(said, "stopped container") || strings.Contains(said, "is not running") ||
		strings.Contains(said, "No such container") || strings.Contains(said, "error starting setns process"))
}
