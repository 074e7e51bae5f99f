package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
)

// suites are the Debian suites whose Engines and CLIs people use: 20.10, 26.1, 28.5.
var suites = []string{"bookworm", "trixie", "forky"}

// newestSuite has the newest Engine of them.
const newestSuite = "forky"

// engineName is the name of a test with the engine of a suite; "" is the machine's own.
func engineName(suite string) string {
	if suite == "" {
		return "here"
	}
	return suite
}

// What the program promises must hold on every Engine in use, with the CLI of each, as
// it does with what this machine has: these are the tests that each promise has there.
func TestEnginesKeepPromises(t *testing.T) {
	t.Parallel()
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			engine := enginetest.Suite(t, suite)
			t.Log("Engine " + versionOf(t, engine))
			for _, promise := range []struct {
				name  string
				holds func(*testing.T, *rig)
			}{
				{"MainLineAndShim", shimGivesManyVariables},
				{"EqualityQuestion", equalityQuestionWritesNothing},
				{"DeployRotates", deployPinsChangedValue},
				{"Rotate", rotateUpdatesEachServiceOnce},
				{"Rollback", failedDeployIsRolledBack},
				{"KillIsRepaired", func(t *testing.T, r *rig) {
					t.Helper()
					killing{r, 2, 4}.killedDeploysAreRepaired(t, sample.Count(1, 1, 50))
				}},
				{"Template", urlFollowsItsPassword},
				{"MissingImage", missingImageIsSaid},
			} {
				t.Run(promise.name, func(t *testing.T) {
					t.Parallel()
					promise.holds(t, rigAt(t, engine))
				})
			}
		})
	}
}

// versionOf is an engine's version without what a distribution adds: 20.10.24.
func versionOf(t *testing.T, engine *enginetest.Engine) string {
	t.Helper()
	server, err := engine.Client.ServerVersion(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	number, _, _ := strings.Cut(server.Version, "+")
	return number
}

// The equality question must tell equal values from others that differ by their last
// byte, up to the largest, and leave every version index as it is.
func TestEqualityQuestionWritesNothing(t *testing.T) {
	t.Parallel()
	equalityQuestionWritesNothing(t, newRig(t))
}

func equalityQuestionWritesNothing(t *testing.T, r *rig) {
	t.Helper()
	values := map[string]string{"small": "kq-81-zebra", "lines": "one\n\"two\"\n\n", "bytes": "\x00\xff\xfe", "large": strings.Repeat("k", 500*1000)}
	names := []string{"bytes", "large", "lines", "small"}
	file := "x-stack: equal\nversion: \"3.9\"\nservices:\n  app:\n    image: busybox:local\n    deploy: {replicas: 0}\n    secrets: [equal_" +
		strings.Join(names, ", equal_") + "]\nsecrets:\n"
	var objects []string
	for _, name := range names {
		file += "  equal_" + name + ":\n    external: true\n    x-from: file://" + name + "\n"
		objects = append(objects, "equal_"+name)
	}
	r.removeStack("equal", objects...)
	write := func(ending string) {
		for _, name := range names {
			r.write(name, values[name]+ending)
		}
	}
	r.write("docker-compose.prod.yml", file)
	write("1")
	r.says(r.deploy(), 0)

	before := r.secretIndexes("equal_")
	for _, tt := range []struct {
		ending, said string
		code         int
	}{{"1", ", unchanged", 0}, {"2", "_v2, value changed", 3}} {
		write(tt.ending) // so that the files are newer than the secrets
		r.proxy.Reset()
		got := r.deploy("--rotate", "--dry-run")
		r.says(got, tt.code)
		if n := strings.Count(got.stdout+got.stderr, tt.said); n != len(names) {
			t.Errorf("%q is said %d times, want %d:\n%s%s", tt.said, n, len(names), got.stdout, got.stderr)
		}
		questions := 0
		for _, call := range r.proxy.Calls() {
			if call.Method == http.MethodPost && strings.HasPrefix(call.Path, "/secrets/") && strings.HasSuffix(call.Path, "/update") {
				questions++
			}
		}
		if writes := secretWrites(r.proxy.Writes()); questions < len(names) || len(writes) > 0 {
			t.Errorf("%d questions, and writes %v", questions, writes)
		}
	}
	if diff := cmp.Diff(before, r.secretIndexes("equal_")); diff != "" {
		t.Errorf("version indexes (-want +got):\n%s", diff)
	}
}

// secretIndexes are the version indexes of the secrets whose names begin with prefix.
func (r *rig) secretIndexes(prefix string) map[string]uint64 {
	r.t.Helper()
	found, err := r.engine.Client.SecretList(r.t.Context(), swarm.SecretListOptions{Filters: filters.NewArgs(filters.Arg("name", prefix))})
	if err != nil {
		r.t.Fatal(err)
	}
	indexes := map[string]uint64{}
	for i := range found {
		indexes[found[i].Spec.Name] = found[i].Version.Index
	}
	return indexes
}

// An image that cannot be pulled must fail the deploy, with the Engine's reason.
func missingImageIsSaid(t *testing.T, r *rig) {
	t.Helper()
	r.removeStack("imageless", "imageless_token")
	r.write("docker-compose.prod.yml", strings.Replace(quick("imageless", stays), "busybox:local", "registry.invalid/no:1", 1))
	r.write(".env", "TOKEN="+firstV+"\n")
	got := r.deploy("--timeout", "90s")
	r.says(got, 1, "app")
	if !slices.ContainsFunc([]string{"No such image", "registry.invalid"}, func(reason string) bool { return strings.Contains(got.stderr, reason) }) {
		t.Errorf("the reason is not said:\n%s", got.stderr)
	}
	r.notLocked("imageless")
	if names := r.secretNames("imageless"); names != "imageless_token" {
		t.Errorf("secrets: %s", names)
	}
}
