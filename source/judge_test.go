package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// vaultOfTheTest is a secret manager that notes what it is asked for.
type vaultOfTheTest struct{ asked []string }

func (v *vaultOfTheTest) Scheme() string { return secret.SchemeVault }

func (v *vaultOfTheTest) Resolve(_ context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	for i, ref := range refs {
		v.asked = append(v.asked, ref.String())
		results[i].Value = secret.NewValue("value of the vault")
	}
	return results
}

// checkoutOfSomebody is a folder with the files of a pull request, beside one with keys. It
// returns the former.
func checkoutOfSomebody(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"home/id_rsa":       "PRIVATE=canary-of-a-file\n",
		"repo/.env":         "API_KEY=app-api-key\nCLOUD=${CI_DEPLOY_KEY}\nVAULTED=vault://other/team#/root\nMIXED=postgres://u:${CI_DEPLOY_KEY}@db\n",
		"repo/plain.env":    "API_KEY=app-api-key\nCI_DEPLOY_KEY\n",
		"repo/token.txt":    "app-token",
		"repo/compose.yaml": "services:\n  api:\n    image: x\n    environment: {OWN: \"${API_KEY}\", TAKEN: \"${CI_DEPLOY_KEY}\", HOST: \"${DB_HOST}-x\", NAMED: \"${DB_PASSWORD}-x\", LEVEL: \"app-${HOME}\"}\n",
		"repo/far.yaml":     "services:\n  api:\n    image: x\n    env_file: [../home/id_rsa, plain.env]\n",
		"repo/include.yaml": "include: [../home/more.yaml]\nservices:\n  api:\n    image: x\n    environment: {A: app-api-key}\n    extends: {file: base.yaml, service: api}\n",
		"home/more.yaml":    "services:\n  other:\n    image: x\n",
		"repo/base.yaml":    "services:\n  api:\n    image: x\n    environment: {B: from-the-base}\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"link": "../home/id_rsa", "folder": "../home", "inner": "token.txt"} {
		if err := os.Symlink(target, filepath.Join(dir, "repo", link)); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "repo")
}

// Whatever way a stack file takes to a key of the person who deploys it, nothing must be
// read, run or asked for without leave; what belongs to the application needs none.
func TestJudgeMarksWhatIsNotTheStacks(t *testing.T) {
	dir := checkoutOfSomebody(t)
	environ := []string{
		"CI_DEPLOY_KEY=canary-of-the-shell", "AWS_SECRET_ACCESS_KEY=canary-of-aws", "API_KEY=shell-api-key", "DB_HOST=db.example.test",
		"DB_PASSWORD=the-db-password", "HOME=/home/somebody", "OP_SESSION_x=canary-of-op", "SHORT=app",
	}
	for _, tt := range []struct {
		ref   string
		marks string // keys, blank between; "" for none
	}{
		{"env://API_KEY", ""},
		{"env://api_key", ""},
		{"env://KEY", ""}, // shop_api_key may be called so, and nobody has it
		{"env://CI_DEPLOY_KEY", "env://CI_DEPLOY_KEY"},
		{"env://AWS_SECRET_ACCESS_KEY", "env://AWS_SECRET_ACCESS_KEY"},
		{"env://CLOUD", "env://CI_DEPLOY_KEY"},
		{"env://MIXED", "env://CI_DEPLOY_KEY"},
		{"env://API_KEY?file=link", "file://link"},
		{"env://CLOUD?file=../home/id_rsa", "file://../home/id_rsa"},
		{"env://VAULTED", "vault://other/team"},

		{"dotenv://.env#API_KEY", ""},
		{"dotenv://.env#CLOUD", "env://CI_DEPLOY_KEY"},
		{"dotenv://plain.env?format=raw#CI_DEPLOY_KEY", "env://CI_DEPLOY_KEY"},
		{"dotenv://folder/id_rsa#PRIVATE", "file://folder/id_rsa"},
		{"dotenv://.env?file=link#API_KEY", "file://link"},

		{"file://token.txt", ""},
		{"file://inner", ""},
		{"file://sub/../token.txt", ""},
		{"file:///proc/self/environ", "file:///proc/self/environ"},
		{"file://../home/id_rsa", "file://../home/id_rsa"},
		{"file://link", "file://link"},
		{"file://folder/id_rsa", "file://folder/id_rsa"},
		{"file://folder/none", "file://folder/none"},

		{"compose://compose.yaml#services.api.environment.OWN", ""},
		{"compose://compose.yaml#services.api.environment.TAKEN", "env://CI_DEPLOY_KEY"},
		{"compose://compose.yaml#services.api.environment.HOST", ""},  // the stack file shows DB_HOST
		{"compose://compose.yaml#services.api.environment.NAMED", ""}, // and names DB_PASSWORD
		{"compose://compose.yaml#services.api.environment.LEVEL", ""},
		{"compose://far.yaml#services.api.environment.PRIVATE", "file://HOME/id_rsa"},
		{"compose://far.yaml#services.api.environment.CI_DEPLOY_KEY", "file://HOME/id_rsa env://CI_DEPLOY_KEY"},
		{"compose://include.yaml#services.api.environment.B", "file://HOME/more.yaml"},
		{"compose://compose.yaml?with=folder/more.yaml#services.api.environment.OWN", "file://folder/more.yaml"},
		{"compose://compose.yaml?folder=..#services.api.environment.OWN", "file://.."},
		{"compose:///etc/compose.yaml#services.api.environment.OWN", "file:///etc/compose.yaml"},

		{"vault://other/team#/root", "vault://other/team"},
		{"vault://secret/shop#/db", ""}, // used before
		{"vault://secret/shop?version=3#/db", ""},
		{"vault://secret/shop?namespace=x#/db", "vault://secret/shop?namespace=x"},
		{"op://Private/GitHub/password", "op://Private/"},
		{"sops://secrets.yaml#/a", "sops://secrets.yaml"},
		{"sops://../home/secrets.yaml#/a", "file://../home/secrets.yaml sops://../home/secrets.yaml"},
	} {
		t.Run(tt.ref, func(t *testing.T) {
			ref, err := secret.ParseReference(tt.ref)
			if err != nil {
				t.Fatal(err)
			}
			vault := &vaultOfTheTest{}
			local := Local{Dir: dir, Environ: environ}
			judge := &Judge{
				Local: local, Names: []string{"API_KEY", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY"},
				Shown: map[string]string{"DB_HOST": "db.example.test"}, Used: []string{"vault://secret/shop"},
			}
			systems := append(local.Systems(), vault)
			answer := Answers(t.Context(), systems, []Ask{{Ref: ref, Names: []string{"shop_api_key", "aws_secret_access_key"}, Judge: judge}})[0]
			held, _ := errors.AsType[*HeldError](answer.Err)
			var keys []string
			if held != nil {
				for _, mark := range held.Marks {
					keys = append(keys, strings.ReplaceAll(mark.Key, filepath.Join(filepath.Dir(dir), "home"), "HOME"))
				}
				if !answer.Value.Empty() || len(vault.asked) > 0 {
					t.Error("the value is there all the same")
				}
			}
			if diff := cmp.Diff(tt.marks, strings.Join(keys, " ")); diff != "" {
				t.Errorf("marks (-want +got):\n%s\n%v", diff, answer.Err)
			}
			judge.Allowed = true
			allowed := Answers(t.Context(), systems, []Ask{{Ref: ref, Judge: judge}})[0]
			if held, still := errors.AsType[*HeldError](allowed.Err); still {
				t.Errorf("allowed, and held: %v", held)
			}
		})
	}
}
