package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
)

// An encrypted file that names a key server which nobody allowed must be held, in each of
// sops' formats, although the file itself was used before: the token would go there.
func TestKeyServerOfEncryptedFileIsJudged(t *testing.T) {
	t.Parallel()
	const own, other = "https://vault.example.com:8200", "https://evil.example.org"
	for name, text := range map[string]string{
		"secrets.yaml": "a: ENC[x]\nsops:\n    hc_vault:\n        - vault_address: SERVER\n          engine_path: transit\n",
		"secrets.json": `{"a":"ENC[x]","sops":{"hc_vault":[{"vault_address":"SERVER","engine_path":"transit"}]}}`,
		"secrets.env":  "A=ENC[x]\nsops_hc_vault__list_0__map_vault_address=SERVER\n",
		"azure.yaml":   "a: ENC[x]\nsops:\n    azure_kv:\n        - vault_url: 'SERVER'\n          name: key\n",
	} {
		dir := t.TempDir()
		ref, err := secret.ParseReference("sops://" + name + "#/a")
		if err != nil {
			t.Fatal(err)
		}
		judge := &Judge{Local: Local{Dir: dir}, Used: []string{Place(ref), "sops+" + own}}
		for server, want := range map[string]string{own: "", other: "sops://" + name + "#/a asks the key server " + other + ", which this stack has not used before"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.ReplaceAll(text, "SERVER", server)), 0o600); err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := judge.verdict(ref, judge.reference(ref, nil)); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s with %s (-want +got):\n%s", name, server, diff)
			}
		}
	}
}
