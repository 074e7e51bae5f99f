package plugin

import "testing"

// planting is a place of an application: its file, in which % is the text in quotes of
// YAML and ^ the text without any.
type planting struct {
	what  string
	files map[string]string // besides docker-compose.yml
	text  string
}

// plantingsOf are all places: those below, and each key of the Compose Spec.
func plantingsOf(tb testing.TB) []planting {
	tb.Helper()
	return append(specPlantings(tb), plantings...)
}

// plantings are the places that hold text, beside the keys of the Compose Spec.
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
	{what: "value of a block", text: service("    labels:\n      app.text: |\n        first\n        ^\n")},
	{what: "anchor", text: "x-labels: &labels\n  app.text: %\n" + service("    labels: *labels\n")},
	{what: "merge", text: "x-labels: &labels\n  app.text: %\n" + service("    labels:\n      <<: *labels\n")},
	{what: "comment on two lines", text: service("    # a remark\n    # ^\n    restart: always\n")},
	{what: "comment at the end", text: service("    restart: always\n# ^\n")},
	{what: "comment in a list", text: service("    ports:\n      # ^\n      - \"80\"\n")},
	{what: "comment before all", text: "# ^\n\n" + service("")},
	{what: "two credentials", text: service("    labels:\n      app.text: %\n    hostname: %\n")},
	{what: "override", text: service("    labels:\n      app.text: old\n"), files: map[string]string{"docker-compose.override.yml": "services:\n  app:\n    labels:\n      app.text: %\n"}},
	{what: "included", text: "include: [b.yml]\n" + service(""), files: map[string]string{"b.yml": "services:\n  b:\n    image: x\n    labels:\n      app.text: %\n    # ^\n    restart: always\n"}},
	{what: "extended", text: service("    extends: {file: b.yml, service: b}\n"), files: map[string]string{"b.yml": "services:\n  b:\n    labels:\n      app.text: %\n    # ^\n    restart: always\n"}},
	{what: "raw env file", text: service("    env_file: [{path: app.env, format: raw}]\n"), files: map[string]string{"app.env": "TEXT=^\n"}},
	{what: "broken env file", text: service("    env_file: app.env\n"), files: map[string]string{"app.env": "TEXT '^\n"}},
	{what: "comment in an env file", text: service("    env_file: app.env\n"), files: map[string]string{"app.env": "# ^\nTEXT=x\n"}},
	{what: "label file by name", text: service("    label_file: app.labels\n"), files: map[string]string{"app.labels": "app.token=^\n"}},
	{what: "broken label file", text: service("    label_file: app.labels\n"), files: map[string]string{"app.labels": "app token '^\n"}},
	{what: "broken YAML", text: service("    labels: [%\n")},
	{what: "secret file", text: service("    secrets: [s]\n") + "secrets:\n  s:\n    file: ./s.txt\n", files: map[string]string{"s.txt": "^\n"}},
}

func service(block string) string {
	return "services:\n  app:\n    image: registry.example.com/app:1\n" + block
}
