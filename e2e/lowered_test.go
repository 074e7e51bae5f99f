package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/swarm"
	"github.com/docker/docker/api/types/versions"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// samplesWanted is the least number of applications that the meaning is checked of.
const samplesWanted = 40

// sample is an application as people write it and what the Engine must make of
// it. Its files are those of the archive, but for the ones named here.
type sample struct {
	name   string // of the archive, and of the stack
	files  map[string]string
	args   []string // args: of migrate, besides the usual ones
	before []string // before: docker commands, one a line, for what the stack needs
	wants  []want   // want: on the Engine's objects, or on what commands in the tasks say
}

// What Compose means must be what the Engine then has: accepted is not deployed.
// Nothing runs, so that the replicas are those of the author.
func TestLowered(t *testing.T) {
	samples := readSamples(t, "lowered", samplesWanted)
	pauseNode(t)
	api := enginetest.Shared(t).Client.ClientVersion()
	t.Run("samples", func(t *testing.T) { // ends when all have
		for _, s := range samples {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				r := s.deploy(t, "--detach")
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
	})
}

func readSamples(t *testing.T, folder string, atLeast int) []sample {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) < atLeast {
		t.Fatalf("%d samples, want %d: %v", len(paths), atLeast, err)
	}
	var samples []sample
	for _, path := range paths {
		samples = append(samples, readSample(t, path))
	}
	return samples
}

func readSample(t *testing.T, path string) sample {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(string(archive.Comment), "\n"); !strings.HasPrefix(first, "# ") || !strings.Contains(first, " must ") {
		t.Fatalf("%s: the first line does not say what must be", path)
	}
	s := sample{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), files: map[string]string{}}
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
func (s sample) deploy(t *testing.T, flags ...string) *rig {
	t.Helper()
	r := newRig(t)
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
	r.must(append([]string{"secrets", "deploy", "--resolve-image", "never"}, flags...)...)
	return r
}

// pauseNode keeps the one node from running tasks until the test ends. They wait
// then, and the specifications say what would run.
func pauseNode(t *testing.T) {
	t.Helper()
	setAvailability(t, swarm.NodeAvailabilityPause)
	t.Cleanup(func() { setAvailability(t, swarm.NodeAvailabilityActive) })
}
