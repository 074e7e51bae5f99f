package swarm

import (
	"fmt"
	"strings"
)

// unreachable returns the error for a daemon at host that err says does not answer: why,
// where the client knows, and what to do. Over ssh the host is not the client's to know,
// and ssh says why.
func unreachable(err error, host string) error {
	if _, said, ok := strings.Cut(err.Error(), "stderr="); ok {
		return fmt.Errorf("docker daemon over ssh: cannot be reached: %s; check DOCKER_HOST or the context, and that ssh can log in there", lastLine(said))
	}
	if _, why, ok := strings.Cut(err.Error(), "dial tcp: lookup "); ok {
		return fmt.Errorf("docker daemon at %s: cannot be reached: lookup %s; correct the name, or choose another with docker --context or DOCKER_HOST", host, lastLine(why))
	}
	return fmt.Errorf("docker daemon at %s: cannot be reached; start it, or choose another with docker --context or DOCKER_HOST", host)
}

// lastLine returns the last line of text that is not empty: ssh warns before it says what
// is wrong.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
