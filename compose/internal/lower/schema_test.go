package lower_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/compose-spec/compose-go/v2/schema"
	"go.yaml.in/yaml/v4"
)

// grower makes files that the schema of the Compose Spec allows. Every choice is
// taken from a string of bytes, so that the fuzzer can steer it.
type grower struct {
	choices []byte
	defs    map[string]any
}

// choose returns a number below n; 0 when the bytes are used up.
func (g *grower) choose(n int) int {
	if len(g.choices) == 0 || n < 2 {
		return 0
	}
	c := int(g.choices[0])
	g.choices = g.choices[1:]
	return c % n
}

var someNames = []string{"web", "db", "web.1", "tail_", "default", "host", "none"}

// someTexts are what a key takes; other keys take the ones under "".
var someTexts = map[string][]string{
	"":               {"web", "db", "a", "", "1", "true", "A=b", "A=", "A", "{{x}}", "{{.Task.Slot}}", "$x", "y", "~", "multi\nline", "é", " ", "#", "null"},
	"restart":        {"no", "always", "unless-stopped", "on-failure", "on-failure:3", ""},
	"condition":      {"any", "none", "on-failure", "unless-stopped"},
	"mode":           {"host", "ingress"},
	"deploy.mode":    {"global", "replicated", "replicated-job", "global-job"},
	"endpoint_mode":  {"vip", "dnsrr"},
	"network_mode":   {"host", "none", "bridge", "service:web", "service:db", "container:x"},
	"driver":         {"bridge", "overlay", "host", "none", "macvlan", "local"},
	"platform":       {"linux/amd64", "arm64", "linux/vax", "linux"},
	"ports":          {"80", "8080:80", "8080-8090:80", "127.0.0.1:53:53/udp", "80-81:80-81", "[::1]:80:80"},
	"published":      {"80", "8080-8090", "", "0"},
	"target":         {"/x", "/y", "80"},
	"protocol":       {"tcp", "udp"},
	"host_ip":        {"127.0.0.1", "0.0.0.0", "10.0.0.1"},
	"volumes":        {"./a:/b", "data:/c:ro", "/d", "./e:/f:z", "web:/dev/shm:nocopy", "./p:/p:rshared"},
	"volumes_from":   {"web", "db:ro", "container:x"},
	"tmpfs":          {"/run", "/run:size=64m,mode=700", "/tmp:exec"},
	"type":           {"bind", "volume", "tmpfs", "npipe", "cluster", "image"},
	"source":         {"data", "web", "db", "./a"},
	"links":          {"web", "db:web", "db:alias", "x"},
	"depends_on":     {"web", "db"},
	"networks":       {"web", "db", "default", "host"},
	"configs":        {"web", "data"},
	"secrets":        {"web", "data"},
	"uid":            {"1000", "root"},
	"gid":            {"1000", "root"},
	"command":        {"echo 'a b' #c", "a && b", "", "sleep 1", "a \"\" b"},
	"entrypoint":     {"", "sh -c", "a\\ b"},
	"test":           {"CMD", "NONE", "CMD-SHELL", "curl x"},
	"extra_hosts":    {"a:10.0.0.1", "a=::1", "b:[::2]"},
	"dns":            {"1.1.1.1"},
	"subnet":         {"10.0.0.0/24"},
	"cpus":           {"0.5", "1e-3", "0", "3.123456789123"},
	"pull_policy":    {"always", "build"},
	"container_name": {"web", "old_name"},
	"order":          {"stop-first", "start-first"},
}

var (
	someDurations = []string{"10s", "1d", "1m30s", "2w", "0s"}
	someSizes     = []string{"64m", "1gb", "1048576", "0", "-1"}
	durationKeys  = []string{"interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay", "window", "monitor"}
	sizeKeys      = []string{"memory", "mem_limit", "mem_reservation", "memswap_limit", "shm_size", "size"}
)

func (g *grower) text(key string) string {
	pool := someTexts[key]
	switch {
	case slices.Contains(durationKeys, key):
		pool = someDurations
	case slices.Contains(sizeKeys, key):
		pool = someSizes
	case pool == nil || g.choose(50) == 1:
		pool = someTexts[""]
	}
	return pool[g.choose(len(pool))]
}

func (g *grower) value(key string, node map[string]any, depth int) any {
	if ref, ok := node["$ref"].(string); ok {
		return g.value(key, g.defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any), depth)
	}
	if all, ok := node["allOf"].([]any); ok {
		return g.merged(key, node, all, depth)
	}
	if one, ok := node["oneOf"].([]any); ok {
		return g.value(key, one[g.choose(len(one))].(map[string]any), depth)
	}
	if enum, ok := node["enum"].([]any); ok {
		return enum[g.choose(len(enum))]
	}
	kind, _ := node["type"].(string)
	if kinds, ok := node["type"].([]any); ok {
		if i := slices.Index(kinds, "string"); i >= 0 && len(kinds) > 1 && g.choose(10) != 1 {
			kinds = slices.Delete(slices.Clone(kinds), i, i+1) // compose-go casts few strings
		}
		kind, _ = kinds[g.choose(len(kinds))].(string)
	}
	switch kind {
	case "object":
		return g.object(key, node, depth)
	case "array":
		items, _ := node["items"].(map[string]any)
		list := []any{}
		for range g.choose(4) {
			list = append(list, g.value(key, items, depth+1))
		}
		return list
	case "integer", "number":
		return []int{1, 0, 3, -1, 80, 1000, 70000}[g.choose(7)]
	case "boolean":
		return g.choose(2) == 0
	case "null":
		return nil
	}
	return g.text(key)
}

// merged is a definition that is put together of others.
func (g *grower) merged(key string, node map[string]any, all []any, depth int) any {
	out := map[string]any{}
	for _, part := range append([]any{without(node, "allOf")}, all...) {
		if m, ok := g.value(key, part.(map[string]any), depth).(map[string]any); ok {
			maps.Copy(out, m)
		}
	}
	return out
}

func without(node map[string]any, key string) map[string]any {
	out := maps.Clone(node)
	delete(out, key)
	if _, ok := out["type"]; !ok {
		out["type"] = "object"
	}
	return out
}

func (g *grower) object(key string, node map[string]any, depth int) any {
	out := map[string]any{}
	properties, _ := node["properties"].(map[string]any)
	required, _ := node["required"].([]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if g.choose(3+9*(depth%2)) == 1 || slices.Contains(required, any(name)) {
			out[name] = g.value(inside(key, name), properties[name].(map[string]any), depth+1)
		}
	}
	patterns, _ := node["patternProperties"].(map[string]any)
	for _, pattern := range slices.Sorted(maps.Keys(patterns)) {
		body, _ := patterns[pattern].(map[string]any)
		if pattern == "^x-" {
			if g.choose(20) == 1 {
				out["x-any"] = "x"
			}
			continue
		}
		for range g.choose(3) {
			out[someNames[g.choose(len(someNames))]] = g.value(key, body, depth+1)
		}
	}
	return out
}

func inside(key, name string) string {
	if key == "deploy" && name == "mode" {
		return "deploy.mode"
	}
	return name
}

// file is a whole application in which what is named is declared.
func (g *grower) file() map[string]any {
	out := map[string]any{}
	services := map[string]any{}
	for i := range 1 + g.choose(3) {
		svc, _ := g.value("", g.defs["service"].(map[string]any), 1).(map[string]any)
		if svc["image"] == nil || svc["image"] == "" {
			svc["image"] = "a"
		}
		delete(svc, "extends")
		delete(svc, "pre_start") // opaque, and seldom valid
		services[someNames[(i+g.choose(3))%len(someNames)]] = svc
	}
	out["services"] = services
	for _, kind := range []string{"network", "volume", "secret", "config"} {
		objects := map[string]any{}
		for _, name := range append([]string{"data"}, someNames...) {
			objects[name] = map[string]any{}
			if kind == "secret" || kind == "config" {
				objects[name] = map[string]any{"file": "./x"}
			}
			if kind[0] != 's' && kind[0] != 'c' && g.choose(3) == 1 {
				objects[name] = g.value("", g.defs[kind].(map[string]any), 2)
			}
		}
		out[kind+"s"] = objects
	}
	return out
}

var definitions = sync.OnceValues(func() (map[string]any, error) {
	var root struct {
		Defs map[string]any `json:"$defs"`
	}
	err := json.Unmarshal([]byte(schema.Schema), &root)
	return root.Defs, err
})

func grow(t testing.TB, choices []byte) []byte { //nolint:thelper // t is the name in both uses
	t.Helper()
	defs, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	g := &grower{choices: choices, defs: defs}
	text, err := yaml.Marshal(g.file())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever the schema of the Compose Spec allows must hold the same.
func FuzzSchema(f *testing.F) {
	for seed := range uint64(60) {
		choices := make([]byte, 600)
		source := rand.NewPCG(seed, 1)
		for i := range choices {
			choices[i] = byte(source.Uint64())
		}
		f.Add(choices)
	}
	f.Fuzz(func(t *testing.T, choices []byte) { lowerable(t, grow(t, choices)) })
}
