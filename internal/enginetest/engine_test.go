package enginetest

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/client"
)

func TestMain(m *testing.M) { os.Exit(Run(m)) }

func proxyClient(t *testing.T, p *Proxy) *client.Client {
	t.Helper()
	c, err := client.NewClientWithOpts(client.WithHost(p.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// A shared engine must be a Swarm that has the image, and stop with its test binary.
func TestSharedEngineStopsWithBinary(t *testing.T) {
	engine := Shared(t)
	info, err := engine.Client.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if info.Swarm.LocalNodeState != swarm.LocalNodeStateActive || !info.Swarm.ControlAvailable {
		t.Errorf("swarm state %s, manager %v", info.Swarm.LocalNodeState, info.Swarm.ControlAvailable)
	}
	if _, err := engine.Client.ImageInspect(t.Context(), Image); err != nil {
		t.Error(err)
	}
}

// A proxy must tell writes from reads and from refused calls.
func TestProxyTellsWritesFromReads(t *testing.T) {
	proxy := NewProxy(t, Shared(t))
	c := proxyClient(t, proxy)
	spec := swarm.SecretSpec{Annotations: swarm.Annotations{Name: "proxy_writes"}, Data: []byte("x")}
	_, err := c.SecretCreate(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.SecretCreate(t.Context(), spec); err == nil {
		t.Error("the second create of one name passed")
	}
	if _, err := c.SecretList(t.Context(), swarm.SecretListOptions{}); err != nil {
		t.Error(err)
	}
	writes := proxy.Writes()
	if len(writes) != 1 || writes[0].Path != "/secrets/create" || writes[0].Status != http.StatusCreated || writes[0].RequestBytes == 0 {
		t.Errorf("writes: %+v", writes)
	}
}

// A fault must hit the calls that it is for, as often as it says.
func TestFaultHitsOnlyItsCalls(t *testing.T) {
	const name = "proxy_faults"
	proxy := NewProxy(t, Shared(t))
	c := proxyClient(t, proxy)
	create := func() error {
		_, err := c.SecretCreate(t.Context(), swarm.SecretSpec{Annotations: swarm.Annotations{Name: name}, Data: []byte("x")})
		return err
	}
	exists := func() bool {
		_, _, err := c.SecretInspectWithRaw(t.Context(), name)
		return err == nil
	}
	remove := func() {
		if err := c.SecretRemove(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	for _, tt := range []struct {
		what   string
		fault  Fault
		exists bool
		err    string
	}{
		{"cut", Fault{Cut: true}, false, "EOF"},
		{"cut after", Fault{CutAfter: true}, true, "EOF"},
		{"status", Fault{Status: 503, Message: "transport is closing"}, false, "Error response from daemon: transport is closing"},
		{"status after", Fault{Status: 500, Message: "context deadline exceeded", After: true}, true, "Error response from daemon: context deadline exceeded"},
		{"replay", Fault{Replay: true}, true, "AlreadyExists"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			proxy.Reset()
			tt.fault.Method, tt.fault.Path, tt.fault.Times = http.MethodPost, "/secrets/create", 1
			proxy.Inject(tt.fault)
			err := create()
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("error %v, want one with %q", err, tt.err)
			}
			if exists() != tt.exists {
				t.Errorf("exists: %v, want %v", exists(), tt.exists)
			}
			if !tt.exists {
				if err := create(); err != nil {
					t.Errorf("the fault hit twice: %v", err)
				}
			}
			remove()
		})
	}
}

// An engine of another Debian suite must be a Swarm that has the image, and come with a
// CLI of the same version.
func TestSuiteHasEngineAndCLI(t *testing.T) {
	engine := Suite(t, "trixie")
	server, err := engine.Client.ServerVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(engine.CLI, "--host", engine.Host, "version", "--format", "{{.Client.Version}} {{.Server.Version}}").CombinedOutput()
	if err != nil || string(said) != server.Version+" "+server.Version+"\n" {
		t.Errorf("the CLI says %q, want %s for both: %v", said, server.Version, err)
	}
	if _, err := engine.Client.ImageInspect(t.Context(), Image); err != nil {
		t.Error(err)
	}
}
