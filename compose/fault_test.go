package compose

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// faulty are applications with several faults of a kind, and what is to be said of them.
var faulty = map[string]struct{ text, want string }{
	"unknown keys at the top":             {"services: {a: {image: i}}\nzebra: 1\napple: 1\nmango: 1\n", "additional properties 'apple', 'mango', 'zebra' not allowed"},
	"unknown keys in services":            {"services:\n  b: {image: i, wrong: 1, bad: 2}\n  a: {image: i, wrong: 1, bad: 2}\n  c: {image: i, wrong: 1}\n", "compose.yaml:3: services.a.bad: not a Compose key; remove it, or prefix it with x-"},
	"unknown keys below one":              {"services:\n  a:\n    image: i\n    build: {context: ., zoo: 1, foo: 1}\n    deploy: {bar: 1, aaa: 2}\n", "compose.yaml:4: services.a.build additional properties 'foo', 'zoo' not allowed"},
	"wrong types":                         {"services:\n  c: {image: [1], hostname: {x: 1}, user: [2]}\n  b: {image: i, domainname: [3], hostname: [1]}\n", "compose.yaml:3: services.b.domainname: must be a string"},
	"neither image nor build":             {"services:\n  b: {hostname: x}\n  c: {hostname: x}\n  a: {hostname: x}\n  d: {image: i}\n", "compose.yaml:4: services.a: neither image: nor build:; add one"},
	"undefined networks and volumes":      {"services:\n  b: {image: i, networks: [z, y, x]}\n  a: {image: i, networks: [q, p], depends_on: [m, l, k]}\n", `compose.yaml:3: services.a: depends on undefined service "k"`},
	"undefined secrets":                   {"services:\n  b: {image: i, secrets: [z]}\n  a: {image: i, secrets: [y, x]}\n", "compose.yaml:3: services.a: refers to undefined secret y"},
	"secrets from nowhere":                {"services: {a: {image: i}}\nsecrets:\n  z: {name: z}\n  y: {name: y}\nconfigs:\n  x: {name: x}\n  w: {name: w}\n", "compose.yaml:7: configs.w: one of … must be set"},
	"services that are no mapping":        {"services:\n  c: 1\n  b: [x]\n  a: text\n", "compose.yaml:4: services.a: must be a mapping"},
	"services that extend what is not":    {"services:\n  c: {extends: z}\n  b: {extends: {service: y}}\n  a: {image: i}\n", "compose.yaml:3: services.b.extends: compose.yaml has no service y"},
	"ports":                               {"services:\n  c: {image: i, ports: ['x:y']}\n  b: {image: i, ports: ['99999999:1']}\n", "compose.yaml:3: hostPort is not valid: …"},
	"a circle":                            {"services:\n  c: {image: i, depends_on: [a]}\n  b: {image: i, depends_on: [c]}\n  a: {image: i, depends_on: [b]}\n", "dependency cycle detected: a …> b …> c …> a"},
	"numbers that are none":               {"services:\n  c: {image: i, scale: \"${X}\"}\n  b: {image: i, scale: \"${X}\", mem_limit: nope, cpus: \"${X}\"}\n", ""},
	"two documents with unknown keys":     {"services: {a: {image: i}}\n---\nzebra: 1\napple: 1\n", "additional properties 'apple', 'zebra' not allowed"},
	"entries of volumes and networks":     {"services: {a: {image: i}}\nvolumes:\n  z: {foo: 1}\n  y: {bar: 1, baz: 2}\nnetworks:\n  x: {foo: 1}\n  w: 5\n", "compose.yaml:7: networks.w must be a mapping or null"},
	"exclusive keys":                      {"services:\n  b: {image: i, network_mode: host, networks: [n]}\n  a: {image: i, network_mode: host, networks: [n]}\nnetworks: {n: {}}\n", ""},
	"names of many that only one follows": {many(), "compose.yaml:71: services.s069.hostname: must be a string"},
}

// many are services of which two have a fault.
func many() string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range 100 {
		hostname := "h"
		if i == 69 || i == 90 {
			hostname = "[1]"
		}
		fmt.Fprintf(&b, "  s%03d: {image: i, hostname: %s, depends_on: [s000]}\n", i, hostname)
	}
	return strings.Replace(b.String(), "s000: {image: i, hostname: h, depends_on: [s000]}", "s000: {image: i}", 1)
}

// A load that fails must say the same at every run, whatever order a map has.
func TestFaultsAreDeterministic(t *testing.T) {
	for name, c := range faulty {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			said := map[string]int{}
			for range 12 {
				said[faultOf(t, dir)]++
			}
			if len(said) != 1 || said[c.want] == 0 && c.want != "" {
				t.Errorf("want %q, got\n%v", c.want, said)
			}
		})
	}
}

// faultOf returns the error of the application in dir.
func faultOf(t *testing.T, dir string) string {
	t.Helper()
	app, err := Load(t.Context(), Options{Dir: dir, Environ: []string{"X=nan"}})
	if err == nil {
		_, sealing := classify.Classify(app.Input, verdict.Policy{})
		_, err = app.Seal(t.Context(), sealing)
	}
	if err == nil {
		t.Fatal("no error")
	}
	return err.Error()
}
