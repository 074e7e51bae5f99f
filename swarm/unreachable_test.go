package swarm

import (
	"errors"
	"testing"
)

// A daemon that does not answer must be named as the user knows it, with the reason that
// ssh or the resolver gave.
func TestUnreachableSaysWhy(t *testing.T) {
	const fix = "or choose another with docker --context or DOCKER_HOST"
	for _, c := range []struct{ err, host, want string }{
		{
			`error during connect: Get "http://docker.example.com/v1.51/info": command [ssh -o ConnectTimeout=30 -T -- node7 docker system dial-stdio] has exited with exit status 255, make sure the URL is valid, and Docker 18.09 or later is installed on the remote host: stderr=Warning: added to known hosts` + "\nssh: connect to host node7 port 22: Connection refused\n",
			"http://docker.example.com",
			"docker daemon over ssh: cannot be reached: ssh: connect to host node7 port 22: Connection refused; check DOCKER_HOST or the context, and that ssh can log in there",
		},
		{
			`error during connect: Get "http://nod7:2375/v1.51/info": dial tcp: lookup nod7 on 10.0.0.2:53: no such host`,
			"tcp://nod7:2375",
			"docker daemon at tcp://nod7:2375: cannot be reached: lookup nod7 on 10.0.0.2:53: no such host; correct the name, " + fix,
		},
		{
			"Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?",
			"tcp://127.0.0.1:1",
			"docker daemon at tcp://127.0.0.1:1: cannot be reached; start it, " + fix,
		},
	} {
		if got := unreachable(errors.New(c.err), c.host).Error(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
