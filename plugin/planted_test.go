package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/internal/filetest"
	"github.com/docker-secrets/docker-secrets/internal/sample"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// modes are the ways to run migrate.
var modes = [][]string{
	{"--format", "json"}, {}, {"--diff"}, {"--check"}, {"--explain", "app"}, {"--strict"}, {"--no-interpolate"}, {"-o", "-"},
}

// How many applications TestPlanted makes; DOCKER_SECRETS_RUNS=N makes N.
const (
	plantedRuns      = 500
	plantedRunsWhole = 3000
)

// A credential must be in nothing that migrate shows, wherever it is and in whatever
// form, or its place must be reported as left in clear.
func TestPlanted(t *testing.T) {
	random, places := sample.Random(t), plantingsOf(t)
	for i := range sample.Runs(t, plantedRuns, plantedRunsWhole) {
		plantOne(t, random, places[i%len(places)])
	}
}

// FuzzPlanted is TestPlanted with more than its seed.
func FuzzPlanted(f *testing.F) {
	f.Add(uint64(1), 0)
	places := plantingsOf(f)
	f.Fuzz(func(t *testing.T, seed uint64, number int) {
		plantOne(t, randomFor(fmt.Sprint(seed)), places[(max(number, -number)&0xffff)%len(places)])
	})
}

// plantOne makes an application with one credential, and runs one mode on it.
func plantOne(t *testing.T, random *rand.Rand, place planting) {
	t.Helper()
	p, mode := newPlant(random, strings.Contains(fmt.Sprint(place), "^")), modes[random.IntN(len(modes))]
	files := map[string]string{"docker-compose.yml": place.text}
	maps.Copy(files, place.files)
	quoted, err := json.Marshal(p.text)
	if err != nil {
		t.Fatal(err)
	}
	bare := strings.NewReplacer(`\`, ``, `"`, ``, `'`, ``).Replace(p.text)
	for name, content := range files {
		files[name] = strings.NewReplacer("%", string(quoted), "^", bare).Replace(content)
	}
	if p.files["known.env"] != "" {
		files["docker-compose.known.yml"] = "services:\n  knows:\n    image: x\n    env_file: [{path: known.env, format: raw}]\n"
		mode = append([]string{"-f", "docker-compose.yml", "-f", "docker-compose.known.yml"}, mode...)
	}
	maps.Copy(files, p.files)
	what := fmt.Sprintf("%s: %s, %v", place.what, p.what, mode)
	if leaks := shownIn(t, files, p, mode); leaks != "" {
		t.Errorf("%s: %s", what, leaks)
	}
}

// shownIn tells where the canary of p is to be seen, "" for nowhere.
func shownIn(t *testing.T, files map[string]string, p plant, mode []string) string {
	t.Helper()
	result := runPlanted(t, files, p, mode)
	said, file := result.stderr, result.file
	switch {
	case strings.HasPrefix(result.stdout, "{"), slices.Contains(mode, "--explain"):
		said += result.stdout
	default:
		file += added(result.stdout)
	}
	if showsCanary(said, p.canary) {
		return "it is said"
	}
	if !showsCanary(file, p.canary) {
		return ""
	}
	if slices.Contains(mode, "--diff") {
		said += file // there is no report; the file lists the places itself
	}
	for _, path := range showing(t, file, p.canary) {
		if !slices.ContainsFunc(reported(said), func(place string) bool { return samePlace(place, path) }) {
			return "it is in the stack file at " + path + ", and nothing says so"
		}
	}
	return ""
}

// plantedOutcome is what a command said, and the stack file that it left.
type plantedOutcome struct {
	outcome
	file string
}

// runPlanted runs one mode of migrate on files.
func runPlanted(t *testing.T, files map[string]string, p plant, mode []string) plantedOutcome {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "planted")
	for name, content := range files {
		filetest.Write(t, dir, name, content)
	}
	result := execute(t, dir, p.env, append([]string{"migrate", "--offline"}, mode...)...)
	return plantedOutcome{result, tree(t, dir)["docker-compose.prod.yml"]}
}

// added is a stack file as -o - or --diff shows it.
func added(shown string) string {
	if !strings.HasPrefix(shown, "diff ") {
		return shown
	}
	var b strings.Builder
	for line := range strings.Lines(shown) {
		if text, ok := strings.CutPrefix(line, "+"); ok && !strings.HasPrefix(line, "+++") {
			b.WriteString(text)
		}
	}
	return b.String()
}

// showsCanary tells whether canary, a part of it or another form of it is in text.
func showsCanary(text, canary string) bool {
	if leak(text, canary) != "" {
		return true
	}
	return slices.ContainsFunc(verdict.Encodings(secret.NewValue(canary)), func(e verdict.Encoding) bool {
		return e.Text.Len() >= 8 && strings.Contains(text, e.Text.Reveal())
	})
}

// showing are the paths of the stack file at which canary is.
func showing(t *testing.T, file, canary string) []string {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(file), &doc); err != nil {
		return []string{"?"}
	}
	var paths []string
	var walk func(path string, node *yaml.Node)
	walk = func(path string, node *yaml.Node) {
		for _, comment := range []string{node.HeadComment, node.LineComment, node.FootComment} {
			if showsCanary(comment, canary) {
				paths = append(paths, path+" #")
			}
		}
		switch node.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(node.Content); i += 2 {
				key := node.Content[i]
				if showsCanary(key.Value, canary) {
					paths = append(paths, path+".*")
				}
				walk(strings.TrimPrefix(path+"."+key.Value, "."), node.Content[i+1])
			}
		case yaml.SequenceNode:
			for i, item := range node.Content {
				walk(fmt.Sprintf("%s[%d]", path, i), item)
			}
		case yaml.ScalarNode:
			if showsCanary(node.Value, canary) {
				paths = append(paths, path)
			}
		default:
			for _, child := range node.Content {
				walk(path, child)
			}
		}
	}
	walk("", &doc)
	if paths == nil {
		return []string{"?"}
	}
	return paths
}

// samePlace tells whether a place of the compose file is at path in the stack file, for
// which Swarm wants some keys in another form.
func samePlace(place, path string) bool {
	normal := func(text string) string {
		text = regexp.MustCompile(`\[\d+\](\.target|\.source)?$`).ReplaceAllString(text, "")
		return strings.NewReplacer(".extra_hosts.app", ".extra_hosts", ".tmpfs", ".volumes", ".container_name", ".networks.default.aliases", ".platform", ".deploy.placement.constraints").Replace(text)
	}
	return normal(place) == normal(path)
}

// unwrapped are the line ends of the report, which is as wide as a screen: between words,
// and within a path that is wider.
var unwrapped = regexp.MustCompile(`\n {11}`)

var inlineAdvice = regexp.MustCompile(`without --inline (\S+?);|\n  - (\S+)`)

// reported are the paths that the report, or x-in-clear, calls left in clear.
func reported(said string) []string {
	var paths []string
	for _, between := range []string{" ", ""} {
		for _, m := range inlineAdvice.FindAllStringSubmatch(unwrapped.ReplaceAllString(said, between), -1) {
			paths = append(paths, m[1]+m[2])
		}
	}
	return paths
}

func sortedKeysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
