package images

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// started is what an image runs, in words.
func started(image string) string {
	got, ok := EntrypointFor(image)
	if !ok {
		return "not known"
	}
	text := strings.Join(got.Entrypoint, " ") + " | " + strings.Join(got.Command, " ")
	if got.Command == nil {
		text += "?"
	}
	return text
}

// The table of entrypoints must be well formed, and mean images as Docker does.
func TestEntrypointTable(t *testing.T) {
	rows, err := entrypointTable()
	if err != nil || len(rows) < 200 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for image, want := range map[string]string{
		"redis": "docker-entrypoint.sh | redis-server", "docker.io/library/redis:7-alpine": "docker-entrypoint.sh | redis-server",
		"registry.example/x/redis@sha256:00": "docker-entrypoint.sh | redis-server", "somebody/redis": "not known", "": "not known",
		"getmeili/meilisearch:v1": "tini -- | /bin/sh -c /bin/meilisearch", "python:3.12-slim": " | python3", "vaultwarden/server": " | /start.sh",
		"ghcr.io/paperless-ngx/paperless-ngx:2": "/init | ", "quay.io/keycloak/keycloak:26.0": "/opt/keycloak/bin/kc.sh | ",
		"pgautoupgrade/pgautoupgrade:17-alpine": "/usr/local/bin/docker-entrypoint.sh | postgres",
		"getsentry/sentry:24.1.0":               `/bin/sh -c exec /docker-entrypoint.sh "$0" "$@" | run web`,
	} {
		if got := started(image); got != want {
			t.Errorf("%s: %q, want %q", image, got, want)
		}
	}
}

// What differs between tags must be told by the tag, and not at all where only a digest is given.
func TestEntrypointByTag(t *testing.T) {
	for image, want := range map[string]string{
		"mariadb:11": "docker-entrypoint.sh | mariadbd", "mariadb": "docker-entrypoint.sh | mariadbd", "mariadb:10.4": "docker-entrypoint.sh | ?", "mariadb@sha256:00": "not known",
		"nextcloud:31-fpm-alpine": "/entrypoint.sh | php-fpm", "nextcloud:31": "/entrypoint.sh | apache2-foreground", "nextcloud": "/entrypoint.sh | apache2-foreground",
		"nextcloud:31-fpm@sha256:00": "/entrypoint.sh | php-fpm", "wordpress:cli": "docker-entrypoint.sh | wp shell",
		"listmonk/listmonk:v3.0.0": " | ./listmonk", "listmonk/listmonk:latest": "docker-entrypoint.sh | ./listmonk",
		"influxdb:1.8": "/entrypoint.sh | influxd", "influxdb:2.7-alpine": "/entrypoint.sh | influxd", "influxdb:3-core": "not known", "influxdb:latest": "not known",
		"growthbook/growthbook:v4.3.1": " | node_modules/.bin/pm2-runtime start ecosystem.config.js",
		"fireflyiii/core:latest":       "docker-php-serversideup-entrypoint | /init", "fireflyiii/core": "docker-php-serversideup-entrypoint | /init", "fireflyiii/core:version-5.7.9": "not known",
	} {
		if got := started(image); got != want {
			t.Errorf("%s: %q, want %q", image, got, want)
		}
	}
	if got, _ := EntrypointFor("clickhouse/clickhouse-server:26.7-distroless"); got.HasShell != No {
		t.Errorf("distroless: %+v", got)
	}
}

// Faults of the table must be reported by line, all of them.
func TestReadEntrypointsFaults(t *testing.T) {
	_, err := readEntrypoints("# head\n" +
		"a\tb\n" +
		"a\t>=x\tb\t-\tyes\ts\n" +
		"a\t-\t[b\t-\tyes\ts\n" +
		"a\t-\tb\t[1]\tyes\ts\n" +
		"a\t-\tb\t-\tmaybe\ts\n" +
		"a\t-\tb\t-\tyes\t\n" +
		"a\t-\t-\t-\tyes\ts\n" +
		"\t-\tb\t-\tyes\ts\n")
	want := `entrypoints.tsv:2: 2 columns; there are 6
entrypoints.tsv:3: tags: "x" is not a version
entrypoints.tsv:4: [b: not a list of words
entrypoints.tsv:5: [1]: not a list of words
entrypoints.tsv:6: shell "maybe": write yes, no or ?
entrypoints.tsv:7: a row needs an image, something that runs, and a source
entrypoints.tsv:8: a row needs an image, something that runs, and a source
entrypoints.tsv:9: a row needs an image, something that runs, and a source`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
