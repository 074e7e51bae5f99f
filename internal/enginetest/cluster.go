package enginetest

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/swarm"
)

// clusterTimeout is how long the nodes of a cluster may take to find each other.
const clusterTimeout = 2 * time.Minute

// Cluster is a Swarm of several engines, each in namespaces of its own, on a
// network that only they share.
type Cluster struct {
	Managers []*Engine
	Workers  []*Engine
}

// StartCluster starts a Swarm with so many managers and workers. Its nodes have
// no image. It stops when the test ends.
func StartCluster(tb testing.TB, managers, workers int) *Cluster {
	tb.Helper()
	return StartClusterOf(tb, "", managers, workers)
}

// StartClusterOf is StartCluster with the engines of a Debian suite; "" is the machine's.
func StartClusterOf(tb testing.TB, suite string, managers, workers int) *Cluster {
	tb.Helper()
	needEngine(tb)
	bridge := startBridge(tb)
	ctx, cancel := context.WithTimeout(tb.Context(), clusterTimeout)
	defer cancel()
	var cluster Cluster
	var tokens swarm.JoinTokens
	for i := range managers + workers {
		engine := startOf(tb, suite, start)
		address := bridge.connect(tb, engine, i+1)
		role := &cluster.Managers
		if i >= managers {
			role = &cluster.Workers
		}
		if i == 0 {
			tokens = initCluster(ctx, tb, engine, address)
		} else {
			join(ctx, tb, engine, address, tokens, i < managers)
		}
		*role = append(*role, engine)
	}
	return &cluster
}

func initCluster(ctx context.Context, tb testing.TB, engine *Engine, address string) swarm.JoinTokens {
	tb.Helper()
	if _, err := engine.Client.SwarmInit(ctx, swarm.InitRequest{ListenAddr: address + ":2377", AdvertiseAddr: address}); err != nil {
		tb.Fatal(err)
	}
	cluster, err := engine.Client.SwarmInspect(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	return cluster.JoinTokens
}

func join(ctx context.Context, tb testing.TB, engine *Engine, address string, tokens swarm.JoinTokens, manager bool) {
	tb.Helper()
	token := tokens.Worker
	if manager {
		token = tokens.Manager
	}
	err := engine.Client.SwarmJoin(ctx, swarm.JoinRequest{
		ListenAddr: address + ":2377", AdvertiseAddr: address, RemoteAddrs: []string{subnet + "1:2377"}, JoinToken: token,
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// Leader returns the index in Managers of the one that leads now.
func (c *Cluster) Leader(tb testing.TB) int {
	tb.Helper()
	for i, engine := range c.Managers {
		info, err := engine.Client.Info(tb.Context())
		if err != nil {
			continue
		}
		node, _, err := engine.Client.NodeInspectWithRaw(tb.Context(), info.Swarm.NodeID)
		if err == nil && node.ManagerStatus != nil && node.ManagerStatus.Leader {
			return i
		}
	}
	tb.Fatal("the cluster has no leader")
	return -1
}

// Kill ends the engine and all it runs at once, as a power cut would.
func (e *Engine) Kill() { e.kill() }

// subnet is the cluster's network; nobody else sees it.
const subnet = "10.77.0."

// bridge is a network namespace with nothing but a bridge.
type bridge struct{ pid int }

func startBridge(tb testing.TB) bridge {
	tb.Helper()
	pid, kill, err := startNetwork()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(kill)
	b := bridge{pid}
	b.ip(tb, "link add br0 type bridge")
	b.ip(tb, "link set br0 up")
	return b
}

// connect plugs engine into the bridge and returns its address.
func (b bridge) connect(tb testing.TB, engine *Engine, number int) string {
	tb.Helper()
	node := bridge{engine.pid}
	address, port := subnet+strconv.Itoa(number), "port"+strconv.Itoa(number)
	b.ip(tb, fmt.Sprintf("link add %s type veth peer name eth0 netns %d", port, node.pid))
	b.ip(tb, "link set "+port+" master br0 up")
	node.ip(tb, "addr add "+address+"/24 dev eth0")
	node.ip(tb, "link set eth0 up")
	return address
}

// ip runs an ip command inside the namespace.
func (b bridge) ip(tb testing.TB, command string) {
	tb.Helper()
	args := append([]string{"--target", strconv.Itoa(b.pid), "--net", "ip"}, strings.Fields(command)...)
	if out, err := exec.Command("nsenter", args...).CombinedOutput(); err != nil {
		tb.Fatalf("ip %s: %v\n%s", command, err, out)
	}
}
