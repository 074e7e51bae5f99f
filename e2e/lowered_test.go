package e2e

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/versions"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
)

const (
	samplesWanted = 40 // the least number of applications that the meaning is checked of
	samplesOfRun  = 15 // how many of them a run takes that does not take the whole
)

// loweredCase is an application as people write it and what the Engine must make of
// it. Its files are those of the archive, but for the ones named here.
type loweredCase struct {
	name   string // of the archive, and of the stack
	files  map[string]string
	args   []string // args: of migrate, besides the usual ones
	before []string // before: docker commands, one a line, for what the stack needs
	wants  []want   // want: on the Engine's objects, or on what commands in the tasks say
}

// What Compose means must be what the Engine then has: accepted is not deployed.
// Nothing runs, so that the replicas are those of the author.
func TestLoweredMeansTheSame(t *testing.T) {
	t.Parallel()
	samples := readSamples(t, "lowered", samplesWanted)
	engine := pausedEngine(t)
	api := engine.Client.ClientVersion()
	for _, s := range sample.Of(t, samples, samplesOfRun) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			r := s.deploy(t, engine, "--detach")
			stack := inspectStack(t, r.engine, s.name, r.dir)
			for _, w := range s.wants {
				if versions.LessThan(api, w.since) {
					continue
				}
				if err := w.check(stack); err != nil {
					t.Errorf("want:%d: %v", w.line, err)
				}
			}
		})
	}
}

func readSamples(t *testing.T, folder string, atLeast int) []loweredCase {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) < atLeast {
		t.Fatalf("%d samples, want %d: %v", len(paths), atLeast, err)
	}
	var samples []loweredCase
	for _, path := range paths {
		samples = append(samples, readSample(t, path))
	}
	return samples
}

func readSample(t *testing.T, path string) loweredCase {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(string(archive.Comment), "\n"); !strings.HasPrefix(first, "# ") || !strings.Contains(first, " must ") {
		t.Fatalf("%s: the first line does not say what must be", path)
	}
	s := loweredCase{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), files: map[string]string{}}
	for _, file := range archive.Files {
		text := string(file.Data)
		switch file.Name {
		case "args":
			s.args = strings.Fields(text)
		case "before":
			s.before = strings.Split(strings.TrimSpace(text), "\n")
		case "want":
			s.wants, err = parseWants(text)
		default:
			s.files[file.Name] = text
		}
	}
	if err != nil || len(s.wants) == 0 {
		t.Fatalf("%s: %d wants: %v", path, len(s.wants), err)
	}
	return s
}

// deploy does what a user would: migrate, deploy. Names that no stack owns (of
// secrets) are the sample's own by the prefix.
func (s loweredCase) deploy(t *testing.T, engine *enginetest.Engine, flags ...string) *rig {
	t.Helper()
	r := rigAt(t, engine)
	for name, content := range s.files {
		r.write(name, content)
	}
	for _, command := range s.before {
		r.must(strings.Fields(command)...)
	}
	r.must(append([]string{"secrets", "migrate", "--offline", "-p", s.name, "--prefix", s.name + "_"}, s.args...)...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s\n%s", r.said.String(), r.stackFile())
		}
	})
	r.removeStack(s.name)
	r.must(append([]string{"secrets", "deploy", "--resolve-image", "never", "--stable", "1s"}, flags...)...)
	return r
}

// pausedEngine is an engine of the test's own that runs no tasks. They wait, and the
// specifications say what would run.
func pausedEngine(t *testing.T) *enginetest.Engine {
	t.Helper()
	engine := enginetest.StartSwarm(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := updateNode(ctx, engine, swarm.NodeAvailabilityPause); err != nil {
		t.Fatal(err)
	}
	return engine
}
