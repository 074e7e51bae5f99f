package plugin

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forms are the texts that a credential is written in. @ is the credential.
var forms = []string{
	"postgres://app:@@db.example.com/app", "amqp://u:@@mq/", "https://oauth2:@@git.example.com/x.git",
	`{"db":{"password":"@"}}`, `password = "@"`, "user=app password=@ host=db", "Server=db;User Id=sa;Password=@;",
	"Authorization: Bearer @", "https://api.example.com/v1?api_key=@", "https://api.example.com/hook?token=@",
	"mysql -u root -p@", "redis-cli -a @ ping", "curl -u admin:@ http://x", "--password=@", "requirepass @",
	"<Password>@</Password>", "machine h login u password @", "ghp_@abcdefghijklmnop", "DB_PASSWORD=@",
}

// planting is a place of an application: its file, in which % is the text.
type planting struct {
	what  string
	files map[string]string // besides docker-compose.yml
	text  string
}

// plantings are the places that hold text. A % in them is the text, in quotes of YAML.
var plantings = []planting{
	{what: "environment", text: service("    environment:\n      TEXT: %\n")},
	{what: "environment by name", text: service("    environment:\n      - \"SMTP_PASSWORD=^\"\n")},
	{what: "command", text: service("    command: %\n")},
	{what: "command word", text: service("    command: [app, %]\n")},
	{what: "entrypoint", text: service("    entrypoint: [/bin/sh, -c, %]\n")},
	{what: "healthcheck", text: service("    healthcheck:\n      test: [CMD-SHELL, %]\n")},
	{what: "label", text: service("    labels:\n      app.text: %\n")},
	{what: "label by name", text: service("    labels:\n      app.api_token: %\n")},
	{what: "label in a list", text: service("    labels:\n      - \"app.token=^\"\n")},
	{what: "deploy label", text: service("    deploy:\n      labels:\n        app.secret_key: %\n")},
	{what: "logging", text: service("    logging:\n      driver: splunk\n      options:\n        splunk-token: %\n")},
	{what: "annotation", text: service("    annotations:\n      app.password: %\n")},
	{what: "sysctl", text: service("    sysctls:\n      net.password: %\n")},
	{what: "hostname", text: service("    hostname: %\n")},
	{what: "working_dir", text: service("    working_dir: %\n")},
	{what: "user", text: service("    user: %\n")},
	{what: "dns_search", text: service("    dns_search: [%]\n")},
	{what: "extra_hosts", text: service("    extra_hosts: [%]\n")},
	{what: "tmpfs", text: service("    tmpfs: [%]\n")},
	{what: "security_opt", text: service("    security_opt: [%]\n")},
	{what: "build argument", text: service("    build:\n      context: .\n      args:\n        NPM_TOKEN: %\n")},
	{what: "extension", text: service("    x-note: %\n")},
	{what: "comment", text: service("    # ^\n    restart: always\n")},
	{what: "comment behind", text: service("    restart: always # ^\n")},
	{what: "volume options", text: service("    volumes: [\"share:/data\"]\n") + "volumes:\n  share:\n    driver_opts:\n      o: %\n"},
	{what: "network options", text: service("    networks: [net]\n") + "networks:\n  net:\n    driver_opts:\n      secret_key: %\n"},
	{what: "network label", text: service("    networks: [net]\n") + "networks:\n  net:\n    labels:\n      app.text: %\n"},
	{what: "config", text: service("    configs: [conf]\n") + "configs:\n  conf:\n    content: %\n"},
	{what: "config file", text: service("    configs: [conf]\n") + "configs:\n  conf:\n    file: ./app.conf\n", files: map[string]string{"app.conf": "mode = x\n^\n"}},
	{what: "env file", text: service("    env_file: app.env\n"), files: map[string]string{"app.env": "TEXT='^'\n"}},
	{what: "label file", text: service("    label_file: app.labels\n"), files: map[string]string{"app.labels": "app.text='^'\n"}},
	{what: "port", text: service("    ports: [%]\n")},
	{what: "missing env file", text: service("    env_file: %\n")},
	{what: "missing label file", text: service("    label_file: %\n")},
	{what: "missing include", text: "include: [%]\n" + service("")},
	{what: "missing base", text: service("    extends: {file: %, service: app}\n")},
	{what: "missing config", text: service("    configs: [conf]\n") + "configs:\n  conf:\n    file: %\n"},
	{what: "missing secret", text: service("    secrets: [s]\n") + "secrets:\n  s:\n    file: %\n"},
	{what: "name", text: "name: %\n" + service("")},
	{what: "image", text: "services:\n  app:\n    image: %\n"},
	{what: "volume", text: service("    volumes: [%]\n")},
	{what: "bare entry", text: service("    environment: [%]\n")},
	{what: "key", text: service("    environment:\n      %: x\n")},
	{what: "label key", text: service("    labels:\n      %: x\n")},
	{what: "unknown key", text: service("    %: x\n")},
	{what: "service key", text: service("    privileged: %\n")},
}

func service(block string) string {
	return "services:\n  app:\n    image: registry.example.com/app:1\n" + block
}

// modes are the ways to run migrate.
var modes = [][]string{
	{"--format", "json"}, {}, {"--diff"}, {"--check"}, {"--explain", "app"}, {"--strict"}, {"--no-interpolate"}, {"-o", "-"},
}

// A credential must be in nothing that migrate shows, wherever it is and in whatever
// form, or its place must be reported as left in clear.
func TestPlanted(t *testing.T) {
	random := randomFor("planted")
	for i := range 500 {
		plantOne(t, random, i)
	}
}

// plantOne makes an application with one credential, and runs one mode on it.
func plantOne(t *testing.T, random *rand.Rand, number int) {
	t.Helper()
	place, form, mode := plantings[number%len(plantings)], forms[random.IntN(len(forms))], modes[random.IntN(len(modes))]
	canary := grow(random, "****************")
	text := strings.ReplaceAll(form, "@@", canary+"\x00")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "@", canary), "\x00", "@")
	fromVariable := random.IntN(3) == 0
	files := map[string]string{"docker-compose.yml": place.text}
	maps.Copy(files, place.files)
	if fromVariable {
		files[".env"] = "NEUTRAL_X=" + canary + "\n"
		text = strings.ReplaceAll(text, canary, "${NEUTRAL_X}")
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	bare := strings.NewReplacer(`\`, ``, `"`, ``, `'`, ``).Replace(text)
	for name, content := range files {
		files[name] = strings.NewReplacer("%", string(quoted), "^", bare).Replace(content)
	}
	what := fmt.Sprintf("%d: %s, %s, variable %v, %v", number, place.what, form, fromVariable, mode)
	if leaks := shownIn(t, files, canary, mode); leaks != "" {
		t.Errorf("%s: %s", what, leaks)
	}
}

// shownIn tells where canary is to be seen, "" for nowhere.
func shownIn(t *testing.T, files map[string]string, canary string, mode []string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "planted")
	for name, content := range files {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	result := execute(t, dir, nil, append([]string{"migrate", "--offline"}, mode...)...)
	said := result.stderr
	file := tree(t, dir)["docker-compose.prod.yml"]
	if strings.HasPrefix(result.stdout, "{") {
		said += result.stdout
	} else {
		file += result.stdout
	}
	if leak(said, canary) != "" {
		return "it is said"
	}
	if slices.Contains(mode, "--diff") { // it shows the difference and nothing else; the report is there for the asking
		said += execute(t, dir, nil, "migrate", "--offline", "--check", "--format", "json").stdout
	}
	reported := strings.Contains(strings.Join(strings.Fields(said), " "), "left in clear")
	if leak(file, canary) != "" && !reported {
		return "it is in the stack file, and nothing says so"
	}
	return ""
}

// FuzzPlanted is TestPlanted with more than its seed.
func FuzzPlanted(f *testing.F) {
	f.Add(uint64(1), 0)
	f.Fuzz(func(t *testing.T, seed uint64, number int) {
		plantOne(t, randomFor(fmt.Sprint(seed)), max(number, -number)&0xffff)
	})
}
