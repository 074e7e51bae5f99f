package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// known is all that the Swarm knows of a stack's secrets and services, their
// versions included.
func (r *rig) known(stack string) string {
	r.t.Helper()
	secrets := strings.Fields(r.must("secret", "ls", "-q", "--filter", "name="+stack+"_").stdout)
	services := strings.Fields(r.must("service", "ls", "-q", "--filter", "label=com.docker.stack.namespace="+stack).stdout)
	if len(secrets) == 0 || len(services) == 0 {
		r.t.Fatalf("%s has %d secrets and %d services", stack, len(secrets), len(services))
	}
	return r.must(append([]string{"secret", "inspect"}, secrets...)...).stdout + r.must(append([]string{"service", "inspect"}, services...)...).stdout
}

// Two environments from one compose file must live on one Swarm with a prefix each:
// whatever is done to one, the other keeps every secret, version and service.
func TestEnvironmentsLeaveEachOtherAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	environments := []string{"staging", "production"}
	r.write("docker-compose.yml", `services:
  app:
    image: busybox:local
    command: ["sh", "-c", "trap 'exit 0' TERM; `+stays+`"]
    environment: {API_TOKEN: "${API_TOKEN}"}
    deploy: {update_config: {monitor: 300ms}}
`)
	deploy := func(environment, value string, args ...string) result {
		r.write(environment+".env", "API_TOKEN="+value+"\n")
		return r.deploy(append([]string{"-c", environment + ".yml", "--env-file", environment + ".env"}, append(args, environment)...)...)
	}
	r.write(".env", "API_TOKEN=development-value-80\n")
	for _, environment := range environments {
		t.Cleanup(func() { _ = r.command(context.Background(), r.proxy.Host, "secrets", "prune", "-f", environment).Run() })
		r.removeStack(environment)
		r.must("secrets", "migrate", "-o", environment+".yml", "--prefix", environment+"_")
		r.says(deploy(environment, environment+"-value-81"), 0, "create "+environment+"_api_token from env://API_TOKEN (app)")
	}
	file, production := r.read("production.yml"), r.known("production")

	r.says(deploy("staging", "staging-value-82", "--rotate"), 0, "create staging_api_token_v2, value changed, from env://API_TOKEN (app)")
	r.says(r.docker("secrets", "rotate", "-c", "staging.yml", "staging", "api_token", "--generate", "24", "--keep", "0"), 0, "staging runs with staging_api_token_v3")
	r.says(r.docker("secrets", "prune", "-f", "--keep", "0", "-c", "staging.yml", "staging"), 0)
	r.says(r.docker("secrets", "rotate", "staging", "production_api_token", "--generate", "24"), 1,
		"production_api_token: no such secret in stack staging; it has api_token")
	r.says(deploy("staging", "production-value-81", "--rotate"), 0)
	r.endStack("staging")
	r.says(r.docker("secrets", "prune", "-f", "staging"), 0)
	if names := r.secretNames("staging"); names != "" {
		t.Errorf("of staging are left: %s", names)
	}
	if diff := cmp.Diff(production, r.known("production")); diff != "" {
		t.Errorf("production (-before +after)\n%s", diff)
	}
	if got := r.inTask("production_app", "cat", "/run/secrets/env/API_TOKEN"); got != "production-value-81" || r.read("production.yml") != file {
		t.Errorf("the task of production reads %d bytes", len(got))
	}
	r.says(deploy("production", "production-value-81"), 0, "keep production_api_token, unchanged, from env://API_TOKEN (app)")
}

// The .env of a development checkout must not rotate production: without a terminal
// and without --rotate, nothing changes on the Swarm.
func TestDevelopmentEnvRotatesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.deployed("prod", stays)
	before, file := r.known("prod"), r.stackFile()
	r.write(".env", "TOKEN=development-value-80\n")
	r.proxy.Reset()
	r.says(r.deploy(), 1, "prod_token: the value differs from the running prod_token; deploy with --rotate to change it")
	if writes := r.proxy.Writes(); len(writes) > 0 {
		t.Errorf("something was written: %v", writes)
	}
	if diff := cmp.Diff(before, r.known("prod")); diff != "" || r.stackFile() != file {
		t.Errorf("(-before +after)\n%s", diff)
	}
}
