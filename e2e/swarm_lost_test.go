package e2e

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
)

// loss is what happens to the managers of a Swarm, all but survivor, in the middle of a
// deploy that goes through it.
type loss struct {
	name    string
	suite   string
	happens func(t *testing.T, cluster *enginetest.Cluster, survivor *enginetest.Engine)
}

// When the leader dies while a deploy creates 200 secrets, or most managers are away for a
// while, the deploy must go on by itself and end well: every secret once and right, no lock.
func TestDeploySurvivesLossOfManagers(t *testing.T) {
	t.Parallel()
	all := []loss{
		{"leader dies here", "", leaderDies},
		{"quorum is lost and back on " + newestSuite, newestSuite, quorumIsLostAndBack},
		{"leader dies on " + newestSuite, newestSuite, leaderDies},
		{"quorum is lost and back here", "", quorumIsLostAndBack},
	}
	// Those in which quorum is away are for DOCKER_SECRETS_LONG=1: where the Swarm needs longer
	// than a lock lasts to elect a leader again, the deploy ends, and says to run it again.
	for _, tt := range all[:sample.Count(1, 1, len(all))] {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			survivesLoss(t, tt)
		})
	}
}

func survivesLoss(t *testing.T, tt loss) {
	t.Helper()
	const count = 200
	at := count/8 + sample.Random(t).IntN(count/4)
	cluster := enginetest.StartClusterOf(t, tt.suite, 3, 0)
	survivor := cluster.Managers[(cluster.Leader(t)+1)%len(cluster.Managers)]
	r := rigAt(t, survivor)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.eventually(t.Context(), "some of the secrets are there", func() bool { return len(secretWrites(r.proxy.Writes())) >= at })
		if n := len(secretWrites(r.proxy.Writes())); n >= count {
			t.Errorf("there were %d creates before a manager could be lost", n)
		}
		tt.happens(t, cluster, survivor)
	}()
	r.deployMany("lost", count)
	<-done
}

func leaderDies(t *testing.T, cluster *enginetest.Cluster, _ *enginetest.Engine) {
	t.Helper()
	cluster.Managers[cluster.Leader(t)].Kill()
}

// quorumIsLostAndBack makes the other managers hang until the survivor has noticed, which
// takes it up to 20 seconds.
func quorumIsLostAndBack(t *testing.T, cluster *enginetest.Cluster, survivor *enginetest.Engine) {
	t.Helper()
	for _, manager := range cluster.Managers {
		if manager != survivor {
			manager.Signal(t, syscall.SIGSTOP)
			defer manager.Signal(t, syscall.SIGCONT)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		call, end := context.WithTimeout(ctx, 25*time.Second)
		_, err := survivor.Client.NodeList(call, swarm.NodeListOptions{})
		end()
		if err != nil {
			return
		}
	}
}
