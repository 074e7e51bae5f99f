package e2e

import (
	"context"
	"strings"
	"testing"
)

// serving is a stack of two tasks that serve their secret, and of a client that
// asks each of them, all the time, and says what it got. The kernel of a test
// machine may lack IPVS, hence dnsrr.
const serving = `x-stack: served
version: "3.9"
services:
  web:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; httpd -p 80 -h /run/secrets; ` + stays + `"]
    secrets: [{source: served_token, target: token}]
    healthcheck: {test: wget -qO /dev/null http://127.0.0.1/token, interval: 300ms}
    deploy:
      replicas: 2
      endpoint_mode: dnsrr
      update_config: {order: start-first, monitor: 1s}
  client:
    image: busybox:local
    command:
      - sh
      - -c
      - |
        trap 'exit 0' TERM
        until wget -qO /dev/null http://web/token; do sleep 0.1; done
        while :; do
          answers=
          for address in $$(nslookup web 127.0.0.11 | sed -n '/^Name/,$$ s/^Address.*: *//p'); do
            answers="$$answers $$(timeout 2 wget -qO- http://$$address/token)"
          done
          echo "got $$answers"
        done
secrets:
  served_token:
    external: true
    x-from: env://TOKEN
`

// While a service with start-first is rotated, there must be no moment without a
// task that answers, each answer be the old value or the new one, and after the
// end only the new one. A service of another stack that has the secret is named.
func TestRotateLeavesNoGap(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("served", "served_token", "served_token_v2")
	r.write("docker-compose.prod.yml", serving)
	r.write(".env", "TOKEN="+firstV+"\n")
	r.says(r.deploy(), 0)
	t.Cleanup(func() { _ = r.command(context.Background(), r.engine.Host, "service", "rm", "loner").Run() })
	r.must("service", "create", "--detach", "--name", "loner", "--replicas", "0", "--secret", "served_token", "busybox:local", "true")
	rounds := func() []string {
		logs := r.must("service", "logs", "--raw", "served_client")
		return strings.Split(strings.TrimSpace(logs.stdout), "\n")
	}
	more := func(than int) []string {
		var now []string
		r.eventually(t.Context(), "the client asks on", func() bool {
			now = rounds()
			return len(now) >= than+20
		})
		return now
	}
	before := len(more(0))
	r.says(r.input(nextV+"\n", "secrets", "rotate", "served", "served_token", "-"), 0, "loner is not of stack served and stays on served_token", "served runs with served_token_v2")
	end := len(rounds())
	all := more(end)
	seen := map[string]bool{}
	for i, line := range all {
		answers := strings.Fields(strings.TrimPrefix(line, "got"))
		if len(answers) == 0 {
			t.Errorf("round %d of %d: nobody answered", i, len(all))
		}
		for _, answer := range answers {
			seen[answer] = true
			if answer != firstV && answer != nextV || answer == nextV && i < before || answer == firstV && i > end {
				t.Errorf("round %d of %d: the answer is %s; the rotation was from %d to %d", i, len(all), answer, before, end)
			}
		}
	}
	if !seen[firstV] || !seen[nextV] {
		t.Errorf("seen: %v", seen)
	}
	t.Logf("%d rounds, %d of them during the rotation", len(all), end-before)
}
