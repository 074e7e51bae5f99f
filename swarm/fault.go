package swarm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	types "github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"
)

// What a daemon that cannot do the job is good for, and what to do about it.
var (
	errNoSwarm = errors.New("the daemon is not in a swarm; initialize one with docker swarm init, or join one as a manager")
	errWorker  = errors.New("the daemon is a worker of its swarm; run this on a manager, or choose one with docker --context")
	errLocked  = errors.New("the swarm is locked; unlock it with docker swarm unlock")
)

// checkManager asks the daemon whether it is a manager of an unlocked Swarm.
func checkManager(ctx context.Context, api API) error {
	session, is := api.(*session)
	if is && session.seen.Load() {
		return awaitManager(ctx, api)
	}
	// Not retried: until a first call succeeds, a refused connection means that
	// there is no daemon, not that one restarts.
	info, err := slowly(ctx, api.Info)
	if err != nil {
		return explain(err, api)
	}
	err = managerFault(info)
	if is && err == nil {
		session.seen.Store(true)
	}
	return err
}

// managerFault returns what is wrong with a daemon that is to be a manager, or nil.
func managerFault(info system.Info) error {
	switch {
	case info.Swarm.LocalNodeState == types.LocalNodeStateLocked:
		return errLocked
	case info.Swarm.LocalNodeState == types.LocalNodeStateInactive || info.Swarm.LocalNodeState == "":
		return errNoSwarm
	case info.Swarm.LocalNodeState == types.LocalNodeStateError:
		return fmt.Errorf("the daemon's swarm has failed: %s; see its log", info.Swarm.Error)
	case info.Swarm.LocalNodeState == types.LocalNodeStateActive && !info.Swarm.ControlAvailable:
		return errWorker
	}
	return nil
}

// explain returns the error that says what to do about err, or err if there is none for
// it.
func explain(err error, api API) error {
	known := answerTo(err)
	switch {
	case errors.Is(err, errLeft):
		return errLeft
	case known != nil && known.err != nil:
		return known.err
	case errors.Is(err, context.Canceled):
		return err
	case client.IsErrConnectionFailed(err) && strings.Contains(err.Error(), "stderr="):
		return unreachable(err, api.DaemonHost())
	case errors.Is(err, os.ErrPermission) || strings.Contains(err.Error(), "permission denied"):
		return fmt.Errorf("docker daemon at %s: permission denied; run this as root or as a member of the docker group", api.DaemonHost())
	case client.IsErrConnectionFailed(err):
		return unreachable(err, api.DaemonHost())
	}
	return err
}
