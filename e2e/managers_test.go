package e2e

import (
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// managers are fakes of the four secret managers under their real host names, which
// only a proxy leads to.
type managers struct {
	aws    *storetest.AWS
	azure  *storetest.Azure
	google *storetest.Google
	vault  *storetest.Vault
}

// withManagers gives the rig's user what the managers' own programs would need, and
// nothing of ours.
func (r *rig) withManagers() managers {
	r.t.Helper()
	m := managers{aws: storetest.NewAWS(r.t), azure: storetest.NewAzure(r.t), google: storetest.NewGoogle(r.t), vault: storetest.NewVault(r.t)}
	hosts := map[string]http.Handler{
		"secretsmanager." + storetest.AWSRegion + ".amazonaws.com": m.aws, "vault.example.test": m.vault,
	}
	for _, more := range []map[string]http.Handler{m.azure.Hosts(), m.google.Hosts()} {
		maps.Copy(hosts, more)
	}
	for _, entry := range m.aws.Env() {
		if !strings.HasPrefix(entry, "AWS_ENDPOINT_URL") {
			r.env = append(r.env, entry)
		}
	}
	r.env = append(r.env, storetest.NewProxy(r.t, hosts).Env()...)
	r.env = append(r.env, m.azure.Env()...)
	r.env = append(r.env, m.google.Env()...)
	r.env = append(r.env, "VAULT_ADDR=https://vault.example.test", "VAULT_TOKEN="+m.vault.Token)
	return m
}

// The values of the four managers: bytes of any kind, an end of line that counts,
// letters beyond ASCII, a text with quotes.
const (
	awsValue    = "aws-\x00\xff\xfe-4kQz8Wd1"
	azureValue  = "azure-ß-\"quoted\"-9mTb3Xe7"
	googleValue = "google-6pLc2Vf5-line\n"
	vaultValue  = "vault-'single'-$HOME-1nRy7Ug4"
)

const fourManagers = `x-stack: four
version: "3.9"
services:
  app:
    image: example.com/four:1
    command: ["sleep", "100000"]
    stop_grace_period: 1s
    secrets: [from_aws, from_azure, from_google, from_vault]
secrets:
  from_aws:
    external: true
    x-from: awssecrets://four/binary
  from_azure:
    external: true
    x-from: azurekeyvault://four/quoted
  from_google:
    external: true
    x-from: gcpsecrets://four/line
  from_vault:
    external: true
    x-from: vault://secret/four#/single
`

// One stack file with a reference to each manager must give tasks that read every
// value byte for byte, with nothing of one on disk, in arguments or in output. When
// one is changed in its manager, diff must say which, and deploy bring in only that,
// without being told to rotate.
func TestValuesOfManagersArriveExactly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m := r.withManagers()
	m.aws.PutBinary("four/binary", awsValue)
	m.azure.Put("four", "quoted", azureValue)
	m.google.Put("four/line", googleValue)
	m.vault.Put("four", `{"single": "`+vaultValue+`", "other": 1}`)
	r.tag("example.com/four:1")
	r.removeStack("four", "from_aws", "from_azure", "from_google", "from_google_v2", "from_vault")
	r.write("docker-compose.prod.yml", fourManagers)
	temporary := t.TempDir()
	r.env = append(r.env, "TMPDIR="+temporary)
	values := map[string]string{"from_aws": awsValue, "from_azure": azureValue, "from_google": googleValue, "from_vault": vaultValue}

	watch := watchProcesses(t, "4kQz8Wd1", "9mTb3Xe7", "6pLc2Vf5", "1nRy7Ug4")
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--allow-source")
	watch.stop()
	r.readsAll("four_app", values)
	r.holdsNone([]string{r.dir, r.config, temporary}, "4kQz8Wd1", "9mTb3Xe7", "6pLc2Vf5", "1nRy7Ug4")

	table := strings.Fields(r.must("secrets", "diff", "--exit-code", "--format", "{{.Secret}}:{{.State}}", "four").stdout)
	if diff := cmp.Diff([]string{"from_aws:current", "from_azure:current", "from_google:current", "from_vault:current"}, table); diff != "" {
		t.Errorf("diff after the deploy (-want +got):\n%s", diff)
	}
	r.proxy.Reset()
	r.must("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--exit-code")
	if writes := secretWrites(r.proxy.Writes()); writes != nil {
		t.Errorf("a second deploy writes: %q", writes)
	}

	values["from_google"] = "google-6pLc2Vf5-newer"
	m.google.Put("four/line", values["from_google"])
	got := r.docker("secrets", "diff", "--exit-code", "--format", "{{.Secret}} {{.Deployed}} {{.Newest}} {{.State}}", "four")
	if got.code != 3 || !strings.Contains(got.stdout, "from_google 1 2 newer\n") || strings.Count(got.stdout, "current") != 3 {
		t.Errorf("diff with a newer version: exit %d\n%s%s", got.code, got.stdout, got.stderr)
	}
	r.proxy.Reset()
	got = r.docker("secrets", "deploy", "--resolve-image", "never", "--stable", "1s", "--exit-code")
	if got.code != 3 {
		t.Errorf("deploy of a newer version: exit %d\n%s", got.code, got.stderr)
	}
	const created = "POST /secrets/create: 201"
	if writes := strings.Join(secretWrites(r.proxy.Writes()), "\n"); strings.Count(writes, created) != 1 {
		t.Errorf("writes, of which one should be %q:\n%s", created, writes)
	}
	r.readsAll("four_app", values)
	if file := r.stackFile(); !strings.Contains(file, "name: from_google_v2\n") || strings.Count(file, "name: ") != 1 {
		t.Errorf("pins:\n%s", file)
	}
	r.holdsNone([]string{r.dir, r.config, temporary}, "4kQz8Wd1", "9mTb3Xe7", "6pLc2Vf5", "1nRy7Ug4")
}

// readsAll fails unless the service's task reads each secret byte for byte.
func (r *rig) readsAll(service string, values map[string]string) {
	r.t.Helper()
	for name, want := range values {
		if got := r.inTask(service, "cat", "/run/secrets/"+name); got != want {
			r.t.Errorf("/run/secrets/%s has %d bytes, not the %d of the value", name, len(got), len(want))
		}
	}
}

// holdsNone fails if a part of a value stands in a file of folders, or in what the
// commands said.
func (r *rig) holdsNone(folders []string, parts ...string) {
	r.t.Helper()
	texts := map[string]string{"what the commands said": r.said.String()}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			texts[path] = string(content)
			return err
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
	for place, text := range texts {
		for _, part := range parts {
			if strings.Contains(text, part) {
				r.t.Errorf("%s: a value stands in it", place)
			}
		}
	}
}
