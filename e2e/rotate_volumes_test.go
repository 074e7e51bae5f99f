package e2e

import (
	"context"
	"strings"
	"testing"
	"time"
)

// A volume that the image asks for, of which the container of --before gets an empty one,
// must go with the container.
func TestJobLeavesNoVolume(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const image = "busybox:voluminous"
	r.must("create", "--name", "voluminous", "busybox:local", "true")
	r.must("commit", "--change", "VOLUME /data", "voluminous", image)
	r.must("rm", "--volumes", "voluminous")
	r.removeStack("voluminous", "voluminous_token", "voluminous_token_v2")
	r.write("docker-compose.prod.yml", strings.Replace(quick("voluminous", stays), "busybox:local", image, 1))
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0)

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	events := r.command(ctx, r.engine.Host, "events", "--since", time.Now().Format(time.RFC3339), "--format",
		`{{.Type}} {{.Action}} {{.Actor.ID}} {{index .Actor.Attributes "container"}}{{index .Actor.Attributes "com.docker.swarm.service.name"}}`)
	said := &lockedBuffer{}
	events.Stdout = said
	if err := events.Start(); err != nil {
		t.Fatal(err)
	}
	r.says(r.docker("secrets", "rotate", "voluminous", "voluminous_token", "--generate", "24", "--stable", "1s", "--before", "app: test -d /data"), 0,
		"app: the command succeeded")
	var volumes []string
	r.eventually(ctx, "the job's container had a volume", func() bool {
		volumes = volumesOf(said.String(), "voluminous_before-rotate")
		return len(volumes) > 0
	})
	cancel()
	_ = events.Wait()
	left := context.WithoutCancel(ctx)
	r.eventually(t.Context(), "the job's volumes are gone", func() bool {
		out, err := r.command(left, r.engine.Host, "volume", "ls", "-q").Output()
		for _, volume := range volumes {
			if err != nil || strings.Contains(string(out), volume) {
				return false
			}
		}
		return true
	})
}

// volumesOf returns the volumes that containers of the service mounted, by events.
func volumesOf(events, service string) (volumes []string) {
	of := map[string]bool{}
	for line := range strings.Lines(events) {
		words := strings.Fields(line)
		switch {
		case len(words) != 4:
		case words[0] == "container" && words[1] == "create" && words[3] == service:
			of[words[2]] = true
		case words[0] == "volume" && words[1] == "mount" && of[words[3]]:
			volumes = append(volumes, words[2])
		}
	}
	return volumes
}
