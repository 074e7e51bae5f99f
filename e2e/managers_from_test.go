package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const twoSecrets = `x-stack: from
version: "3.9"
services:
  app:
    image: example.com/from:1
    command: ["sleep", "100000"]
    stop_grace_period: 1s
    secrets: [api_key, db_key]
secrets:
  api_key:
    external: true
    x-from: env://API_KEY
  db_key:
    external: true
    x-from: env://DB_KEY
`

// deploy --from must take a value from below the base, in either form of its name,
// before the one that x-from would give, and rotate --from must take all of several
// from a base. Where the manager refuses, deploy must say so and change nothing.
func TestBaseComesBeforeSources(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m := r.withManagers()
	m.aws.Put("shop-staging/api-key", "staging-api-3Fv9")
	m.vault.Put("shop", `{"api_key": "vault-api-2Wq8", "DB_KEY": "vault-db-7Mz4"}`)
	r.env = append(r.env, "API_KEY=development", "DB_KEY=from-the-shell-6Jt1")
	r.tag("example.com/from:1")
	r.removeStack("from", "api_key", "api_key_v2", "db_key", "db_key_v2")
	r.write("docker-compose.prod.yml", twoSecrets)

	m.aws.Put("shop-locked/api-key", "nobody-reads-this")
	m.aws.Deny("secretsmanager:GetSecretValue", "shop-locked/api-key")
	refused := r.docker("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--from", "awssecrets://shop-locked/")
	if refused.code != 1 || !strings.Contains(refused.stderr, "api_key: awssecrets://shop-locked/api-key: ") || !strings.Contains(refused.stderr, "secretsmanager:GetSecretValue") {
		t.Errorf("deploy without permission: exit %d\n%s", refused.code, refused.stderr)
	}
	if writes := secretWrites(r.proxy.Writes()); writes != nil {
		t.Errorf("deploy without permission writes: %q", writes)
	}
	mistyped := r.docker("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--from", "awssecrets://shop-stagging/")
	if mistyped.code != 1 || !strings.Contains(mistyped.stderr, "--from awssecrets://shop-stagging/: none of the stack's secrets is there") {
		t.Errorf("deploy from a base that has nothing: exit %d\n%s", mistyped.code, mistyped.stderr)
	}
	staged := r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--from", "awssecrets://shop-staging/")
	if !strings.Contains(staged.stderr, "not below awssecrets://shop-staging/, and looked for where x-from says: db_key\n") {
		t.Errorf("deploy from a base that has one of two:\n%s", staged.stderr)
	}
	r.readsAll("from_app", map[string]string{"api_key": "staging-api-3Fv9", "db_key": "from-the-shell-6Jt1"})

	if got := r.docker("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--from", "vault://secret/shop#/"); got.code != 1 || !strings.Contains(got.stderr, "--rotate") {
		t.Errorf("another place of a value that runs: exit %d\n%s", got.code, got.stderr)
	}
	r.must("secrets", "rotate", "from", "api_key", "db_key", "--from", "vault://secret/shop#/")
	r.readsAll("from_app", map[string]string{"api_key": "vault-api-2Wq8", "db_key": "vault-db-7Mz4"})
	rows := r.must("secrets", "diff", "--format", "{{.Secret}} {{.Name}} {{.Source}} {{.State}}", "from").stdout
	want := "api_key api_key_v2 vault://secret/shop#/api_key current\ndb_key db_key_v2 vault://secret/shop#/DB_KEY current\n"
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("diff (-want +got):\n%s", diff)
	}
	if err := os.Remove(filepath.Join(r.dir, "docker-compose.prod.yml")); err != nil {
		t.Fatal(err)
	}
	rows = r.must("secrets", "ls", "--filter", "state=in use", "--format", "{{.Secret}} {{.Source}}", "from").stdout
	want = "api_key vault://secret/shop#/api_key\ndb_key vault://secret/shop#/DB_KEY\n"
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("ls without the stack file (-want +got):\n%s", diff)
	}
}
