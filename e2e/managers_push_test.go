package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The guide's example must go from its .env files to Vault and to the Swarm by
// migrate, push and migrate --to, and run without any of its files.
func TestGuideMovesToVault(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m := r.withManagers()
	r.guide("8002")
	r.removeStack("pushed", "pushed_db_password", "pushed_openai_api_key")
	r.migrateGuide("--prefix", "pushed_")
	if got := r.docker("secrets", "migrate", "-p", "gym-ai", "--prefix", "pushed_", "--to", "vault://secret/gym-ai#/"); got.code != 1 || !strings.Contains(got.stderr, "docker secrets push --to 'vault://secret/gym-ai#/'") {
		t.Errorf("migrate --to before the push: exit %d\n%s", got.code, got.stderr)
	}
	r.must("secrets", "push", "--to", "vault://secret/gym-ai#/")
	if newest := m.vault.Newest("gym-ai"); newest != `{"db_password":"`+dbPassword+`","openai_api_key":"`+apiKey+`"}` {
		t.Errorf("Vault holds %d bytes, not the two values", len(newest))
	}
	if got := r.must("secrets", "push", "--to", "vault://secret/gym-ai#/"); !strings.Contains(got.stderr, "nothing to write") {
		t.Errorf("a second push:\n%s", got.stderr)
	}
	r.must("secrets", "migrate", "-p", "gym-ai", "--prefix", "pushed_", "--to", "vault://secret/gym-ai#/")
	file := r.stackFile()
	for _, want := range []string{"x-from: vault://secret/gym-ai#/db_password", "x-from: vault://secret/gym-ai#/openai_api_key"} {
		if !strings.Contains(file, want) {
			t.Errorf("no %q in the stack file:\n%s", want, file)
		}
	}
	r.migrateGuide("--prefix", "pushed_")
	if again := r.stackFile(); again != file {
		t.Errorf("a later migrate takes the places back (-want +got):\n%s", cmp.Diff(file, again))
	}
	for _, name := range []string{".env", "backend/.env"} {
		if err := os.Remove(filepath.Join(r.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	r.deployGuide("pushed", "--allow-source")
	r.readsAll("pushed_backend", map[string]string{"openai_api_key": apiKey, "db_password": dbPassword})
	r.holdsNone([]string{r.dir, r.config}, apiKey, dbPassword)
}
