package plugin

import (
	"errors"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// removedFrom is a stack file as migrate makes it, but for its checksum.
const removedFrom = `# Made by docker secrets from docker-compose.yml
# Regenerate: docker secrets migrate (checksum 0000000000000000, sources 0000000000000000, format 2)

x-stack: shop
services:
  api:
    image: api
    entrypoint: [/bin/sh, /docker_secrets_env, /api]
    configs:
      - docker_secrets_env
    secrets:
      - {source: token, target: env/TOKEN}
      - {source: other, target: env/OTHER}
  db:
    image: postgres
    environment: [POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password]
    secrets:
      - {source: password, target: postgres_password}
configs:
  docker_secrets_env: {external: true, name: docker_secrets_env_e5e9abe476a4}
secrets:
  token: {external: true, x-from: "compose://docker-compose.yml#services.api.environment.TOKEN"}
  other: {external: true, x-from: env://OTHER}
  password: {external: true, x-from: env://PASSWORD}
  postgres_password: {external: true, x-from: env://OLD}
`

// An edit by hand that takes a secret from a service must be told, with the line to put
// back; a file that is whole, or of somebody else, must not.
func TestRemovedSecretsAreTold(t *testing.T) {
	const (
		token    = "      - {source: token, target: env/TOKEN}\n"
		other    = "      - {source: other, target: env/OTHER}\n"
		password = "    secrets:\n      - {source: password, target: postgres_password}\n"
	)
	for _, row := range []struct {
		without []string
		want    []string
	}{
		{nil, nil},
		{[]string{token}, []string{"prod.yml:6: api would start without TOKEN: an edit by hand removed its secret; put {source: token, target: env/TOKEN} back under secrets: of api, or allow it with --allow-unread"}},
		{[]string{"    secrets:\n" + token + other}, []string{"api would start without its variables", "api would start without TOKEN"}},
		{[]string{password}, []string{"db would start without POSTGRES_PASSWORD_FILE: an edit by hand removed its secret; put {source: postgres_password, target: postgres_password} back under secrets: of db"}},
		{[]string{strings.SplitAfter(removedFrom, "\n\n")[0], token}, nil},
	} {
		text := removedFrom
		for _, part := range row.without {
			if !strings.Contains(text, part) {
				t.Fatalf("the file has no %q", part)
			}
			text = strings.Replace(text, part, "", 1)
		}
		file, err := stackfile.Parse("prod.yml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		faults := checkRemoved(file, swarm.State{Stack: "shop"})
		if len(faults) != len(row.want) {
			t.Errorf("without %q: %v", row.without, errors.Join(faults...))
			continue
		}
		if notes := unused(file); row.without != nil && len(row.want) > 0 && len(notes) == 0 {
			t.Errorf("without %q no secret is called unused", row.without)
		}
		for i, want := range row.want {
			if !strings.Contains(faults[i].Error(), want) {
				t.Errorf("%v, want %s", faults[i], want)
			}
		}
	}
}
