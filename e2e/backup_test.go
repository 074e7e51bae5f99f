package e2e

import (
	"strings"
	"testing"

	"filippo.io/age"
)

// A stack that was exported must come back by import, with the values that can be found
// and no value in clear on the way.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.removeStack("backup")
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	r.write("key.txt", identity.String()+"\n")
	r.write(".env", "BACKUP_TOKEN=kR7xT2mB9vQ4wZ6n\n")
	r.write("docker-compose.yml", strings.ReplaceAll(checkedApplication, "API_TOKEN", "BACKUP_TOKEN"))
	r.must("secrets", "migrate")
	r.says(r.deploy("backup", "--detach"), 0)
	export := []string{"secrets", "export", "backup", "-c", "docker-compose.prod.yml", "--to", "backup.age", "--recipient", identity.Recipient().String()}
	r.says(r.docker(export...), 0, "wrote backup.age: 1 secret, 1 with their values")
	if strings.Contains(r.read("backup.age")+r.said.String(), "kR7xT2mB9vQ4wZ6n") {
		t.Error("the value is in clear")
	}
	r.endStack("backup")
	r.says(r.docker("secrets", "prune", "-f", "backup"), 0)
	r.says(r.docker("secrets", "import", "backup.age", "--identity", "key.txt", "--dry-run"), 3, "backup_token")
	r.says(r.docker("secrets", "import", "backup.age", "--identity", "key.txt"), 0)
	r.says(r.docker("secrets", "import", "backup.age", "--identity", "key.txt"), 0, "unchanged")

	// A value that is not the one that runs must not be taken for it.
	r.says(r.deploy("backup", "--detach"), 0)
	r.write(".env", "BACKUP_TOKEN=Zt4Qn8Wb2Kd6Vf1Y\n")
	r.says(r.docker(append(export, "--strict")...), 1, "the value here is not the one that runs", "nothing was written")
}
