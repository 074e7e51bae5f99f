package plugin

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose"
)

// mutation is one small fault of rewrite or of a reference, as the stack file shows it.
type mutation struct {
	name    string
	find    *regexp.Regexp
	replace string // as Expand has it
}

func mutationOf(name, find, replace string) mutation {
	return mutation{name: name, find: regexp.MustCompile(find), replace: replace}
}

// made begins the template of a secret; that of a config has its text in lines below.
const made = `(    external: true\n    x-template: '?)`

// mutations are faults that make a stack file wrong wherever they apply.
var mutations = []mutation{
	mutationOf("a wrong key in an env file", `(dotenv://[^#\n]*#\w+)`, "${1}X"),
	mutationOf("a swapped env file", `dotenv://([^?#\n]*)`, "dotenv://other.env"),
	mutationOf("a wrong variable", `\benv://(\w+)`, "env://X$1"),
	mutationOf("a wrong service in a place", `(compose://[^#\n]*#services\.)(\w+)`, "${1}x$2"),
	mutationOf("a wrong variable in a place", `(compose://[^\n]*\.environment\.\w+)`, "${1}X"),
	mutationOf("a wrong credential in a place", `literal=1`, "literal=2"),
	mutationOf("a swapped compose file", `compose://[^?#\n]*`, "compose://other.yml"),
	mutationOf("swapped env files", `\?file=(one.env)&file=(two.env)`, "?file=$2&file=$1"),
	mutationOf("a lost default", `[?&]default=\w+`, "?default=X"),
	mutationOf("an escape too few in a path", `(dotenv://[^\n]*)(?:%23|%3F|%26)`, "$1#"),
	mutationOf("a reference that is lost", `    x-from: (?:env|dotenv|compose)://[^\n]*\n`, ""),
	mutationOf("an escaped $ in a template", made+`([^\n]*\w)`, "$1$2$$$$"),
	mutationOf("a blank behind a template", made+`([^\n']*)`, "    external: true\n    x-template: '$2 "),
	mutationOf("a template part swapped", made+`([^\n]*?)\{\{ secret "\w+" \}\}`, `$1$2{{ secret "other" }}`),
	mutationOf("a template part doubled", made+`([^\n]*?)(\{\{ secret "\w+" \}\})`, "$1$2$3$3"),
	mutationOf("a template part lost", made+`([^\n]*?)\{\{ secret "\w+" \}\}`, "$1$2"),
	mutationOf("a template literal doubled", made+`(\w+)`, "$1$2$2"),
	mutationOf("a template that is no template", made+`([^|>\n])`, "    external: true\n    x-from: env://$2"),
	mutationOf("a template part of a config lost", `(    x-template: \|\n      [^\n]*?)\{\{ secret "\w+" \}\}`, "$1"),
	mutationOf("a word of a config's template doubled", `(    x-template: \|\n      )(\w+)`, "$1$2$2"),
	mutationOf("a wrong file", `file://([^\n]*)`, "file://other.env"),
	mutationOf("a wrong target", `(        target: [\w.]+)`, "${1}_x"),
	mutationOf("a mount of another secret", `(      - source: )\w+(\n        target: \w)`, "${1}other$2"),
	mutationOf("a missing mount", `      - source: \w+\n        target: \w+\n`, ""),
	mutationOf("a lost hint to read files", `      USE_DOCKER_SECRETS: "true"\n`, ""),
	mutationOf("a wrong file for the image", `(_FILE: /run/secrets/\w+)`, "${1}_x"),
	mutationOf("a wrong variable for the image", `(_FILE): `, "_PATH: "),
	mutationOf("another variable of the shim", `(target: env/\w+)`, "${1}_x"),
	mutationOf("a file that is not in the shim's folder", `target: env/`, "target: "),
	mutationOf("another secret in the shim's folder", `(\{source: )\w+(, target: env/)`, "${1}other$2"),
	mutationOf("a variable of the shim that is lost", `      - \{source: \w+, target: env/\w+\}\n`, ""),
	mutationOf("a start without the shim", `entrypoint: \[/bin/sh, /docker_secrets_env, `, "entrypoint: ["),
	mutationOf("a shim that is not mounted", `    configs: \[docker_secrets_env\]\n|      - docker_secrets_env\n`, ""),
	mutationOf("another version of the shim", `(name: docker_secrets_env_)\w+`, "${1}0123456789ab"),
	mutationOf("a lost service", `(\nservices:\n  )\w+(:\n(?:    [^\n]*\n)*?    environment:)`, "${1}other$2"),
	mutationOf("a wrong variable that deploy asks for", `(x-inline:\n  \w+: env://)(\w+)`, "${1}X$2"),
	mutationOf("a variable that becomes empty", `(    environment:\n      \w+: )[^"\n]+\n`, "$1\"\"\n"),
}

// unproved are cases of which a part is not compared, with the reason.
var unproved = map[string]string{
	"by-hand":            "where the author mounts a secret of his own, no variable tells",
	"empty-secret":       "a value that is not set here has nothing to be compared with",
	"managed-references": "a secret manager is not asked",
}

// proved is a golden case with its stack file, and what proves one.
type proved struct {
	content string
	prove   func(content string) error
}

// provedCase is nil for a case that is refused, or has flags.
func provedCase(t *testing.T, c goldenCase) *proved {
	t.Helper()
	options := migrateOptions{offline: true}
	flags := pflag.NewFlagSet("migrate", pflag.ContinueOnError)
	flags.StringArrayVar(&options.load.EnvFiles, "env-file", nil, "")
	if c.want["exit"] != "" || len(c.environ) > 0 || unproved[c.name] != "" || flags.Parse(c.args) != nil {
		return nil
	}
	dir := c.unpack(t)
	t.Chdir(dir)
	dockerCLI, err := command.NewDockerCli(command.WithOutputStream(io.Discard), command.WithErrorStream(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	options.load.Dir = dir
	app, err := compose.Load(t.Context(), options.load)
	if err != nil {
		t.Fatal(err)
	}
	sources := localSources(t.Context(), app.OutputDir(), nil)
	m, err := migrate(t.Context(), dockerCLI, app, outputFile{}, options, sources, nil)
	if err != nil {
		t.Fatal(err)
	}
	content, err := m.render(t.Context(), app, outputFile{}, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"other.env", "other.yml"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &proved{content: string(content), prove: func(content string) error { return m.prove(app, []byte(content), sources) }}
}

// Prove must find each small fault, wherever a stack file may have it.
func TestProveFindsEveryMutation(t *testing.T) {
	applied := map[string]int{}
	for _, c := range goldenCases(t) {
		p := provedCase(t, c)
		if p == nil {
			continue
		}
		if err := p.prove(p.content); err != nil {
			t.Errorf("%s: not mutated: %v", c.name, err)
		}
		for _, m := range mutations {
			applied[m.name] += p.mutate(t, c.name, m)
		}
	}
	for _, m := range mutations {
		if applied[m.name] == 0 {
			t.Errorf("%s: no golden case has a place for it", m.name)
		}
	}
}

// mutate makes the fault in each place that has it, alone, and returns how many have.
func (p *proved) mutate(t *testing.T, name string, m mutation) int {
	t.Helper()
	places := m.find.FindAllStringSubmatchIndex(p.content, -1)
	for _, at := range places {
		made := p.content[:at[0]] + string(m.find.ExpandString(nil, m.replace, p.content, at)) + p.content[at[1]:]
		if p.prove(made) == nil {
			t.Errorf("%s: %s in line %d is not found: %s", name, m.name, 1+strings.Count(p.content[:at[0]], "\n"), p.content[at[0]:at[1]])
		}
	}
	return len(places)
}
