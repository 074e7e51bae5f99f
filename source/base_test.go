package source

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// A base must return the places of a secret in order, in the form of its system.
func TestBasePlacesHaveFormOfSystem(t *testing.T) {
	for base, want := range map[string]string{
		"awssecrets://gym-ai-prod/":         "awssecrets://gym-ai-prod/db_key awssecrets://gym-ai-prod/db-key",
		"awssecrets://gym-ai-prod#/":        "awssecrets://gym-ai-prod#/db_key awssecrets://gym-ai-prod#/db-key awssecrets://gym-ai-prod#/DB_KEY",
		"awssecrets://app-?region=eu":       "awssecrets://app-db_key?region=eu awssecrets://app-db-key?region=eu",
		"azurekeyvault://shop/":             "azurekeyvault://shop/db-key",
		"azurekeyvault://shop/app#/":        "azurekeyvault://shop/app#/db_key azurekeyvault://shop/app#/db-key azurekeyvault://shop/app#/DB_KEY",
		"azurekeyvault://shop/prod-":        "azurekeyvault://shop/prod-db-key",
		"azurekeyvault://shop/gym-ai-prod/": "azurekeyvault://shop/gym-ai-prod-db-key",
		"gcpsecrets://project/gym/prod/":    "gcpsecrets://project/gym-prod-db_key gcpsecrets://project/gym-prod-db-key",
		"gcpsecrets://project/shop-":        "gcpsecrets://project/shop-db_key gcpsecrets://project/shop-db-key",
		"vault://secret/gym-ai#/":           "vault://secret/gym-ai#/db_key vault://secret/gym-ai#/db-key vault://secret/gym-ai#/DB_KEY",
		"vault://secret/gym-ai/#/value":     "vault://secret/gym-ai/db_key#/value vault://secret/gym-ai/db-key#/value",
		"ref+vault://secret/gym-ai#/":       "vault://secret/gym-ai#/db_key vault://secret/gym-ai#/db-key vault://secret/gym-ai#/DB_KEY",
		"sops://prod.enc.yaml#/":            "sops://prod.enc.yaml#/db_key sops://prod.enc.yaml#/db-key sops://prod.enc.yaml#/DB_KEY",
		"sops://prod.enc.yaml#/stringData/": "sops://prod.enc.yaml#/stringData/db_key sops://prod.enc.yaml#/stringData/db-key sops://prod.enc.yaml#/stringData/DB_KEY",
		"op://prod/shop/":                   "op://prod/shop/db_key op://prod/shop/db-key",
		"env://PROD_":                       "env://PROD_DB_KEY env://PROD_db_key",
		"dotenv://prod.env":                 "dotenv://prod.env#DB_KEY dotenv://prod.env#db_key",
		"file:///run/keys/":                 "file:///run/keys/db_key file:///run/keys/db-key",
	} {
		b, err := ParseBase(base)
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		var got []string
		for _, place := range b.Places("db_key") {
			got = append(got, place.String())
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", base, diff)
		}
	}
}

// A dot, which names in Azure and Google cannot have, must become a separator that they
// can have.
func TestBaseReplacesDots(t *testing.T) {
	for base, want := range map[string]string{
		"azurekeyvault://shop/":    "azurekeyvault://shop/app-db-key",
		"gcpsecrets://project/s-":  "gcpsecrets://project/s-app_db_key gcpsecrets://project/s-app-db-key",
		"awssecrets://shop/":       "awssecrets://shop/app.db_key awssecrets://shop/app.db-key",
		"gcpsecrets://project/s#/": "gcpsecrets://project/s#/app.db_key gcpsecrets://project/s#/app.db-key gcpsecrets://project/s#/APP.DB_KEY",
	} {
		b, err := ParseBase(base)
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		var got []string
		for _, place := range b.Places("app.db_key") {
			got = append(got, place.String())
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", base, diff)
		}
	}
}

// A base that names cannot be appended to must be refused, and not quoted: it may be a
// value.
func TestBadBaseIsRefusedAndNotQuoted(t *testing.T) {
	for _, text := range []string{
		"dotenv://prod.env#KEY", "sops://prod.enc.yaml", "sops://a-#/key", "awssecrets://gym-ai-prod", "azurekeyvault://shop", "gcpsecrets://project", "vault://secret/gym-ai#/key",
		"compose://docker-compose.yml#services.", "hunter2-secret", "",
	} {
		_, err := ParseBase(text)
		if err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// keeper is a system with some values.
type keeper struct {
	scheme string
	has    map[string]string // by reference; "!" is a value that cannot be read
	asked  [][]string
}

var errRefused = errors.New("refused")

func (k *keeper) Scheme() string { return k.scheme }

func (k *keeper) Resolve(_ context.Context, refs []secret.Reference) []store.Result {
	results := make([]store.Result, len(refs))
	var asked []string
	for i, ref := range refs {
		asked = append(asked, ref.String())
		value, found := k.has[ref.String()]
		switch {
		case !found:
			results[i].Err = fmt.Errorf("%s: %w", ref, store.ErrNotFound)
		case value == "!":
			results[i].Err = errRefused
		default:
			results[i].Value, results[i].Version = secret.NewValue(value), "7"
		}
	}
	k.asked = append(k.asked, asked)
	return results
}

// Each name must be looked for in its first form, all at the same time, and only those that
// are not found in the next form. What cannot be read must not count as missing.
func TestFindAsksNextFormForMissingNames(t *testing.T) {
	system := &keeper{scheme: "awssecrets", has: map[string]string{
		"awssecrets://p/db_key": "one", "awssecrets://p/api-key": "two", "awssecrets://p/no_key": "!", "awssecrets://p/no-key": "three",
	}}
	base, err := ParseBase("awssecrets://p/")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, result := range base.Find(t.Context(), []store.System{system}, []string{"db_key", "api_key", "no_key", "nowhere_at_all"}) {
		got = append(got, fmt.Sprintf("%s %s %v", result.From, result.Value.Reveal(), result.Err))
	}
	want := []string{
		"awssecrets://p/db_key one <nil>", "awssecrets://p/api-key two <nil>", "awssecrets://p/no_key  refused",
		"awssecrets://p/nowhere_at_all  awssecrets://p/nowhere_at_all: not found",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	asked := [][]string{
		{"awssecrets://p/db_key", "awssecrets://p/api_key", "awssecrets://p/no_key", "awssecrets://p/nowhere_at_all"},
		{"awssecrets://p/api-key", "awssecrets://p/nowhere-at-all"},
	}
	if diff := cmp.Diff(asked, system.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// A variable whose value is a reference to a secret manager must resolve to the value
// there, with From. A file's content and a manager's value must not be followed.
func TestResolveFollowsReferenceInVariable(t *testing.T) {
	local := folder(t)
	local.Environ = append(local.Environ, "KEY=ref+vault://secret/app#/key", "NONE=vault://secret/app#/none", "URL=postgres://a:b@c/d")
	system := &keeper{scheme: "vault", has: map[string]string{"vault://secret/app#/key": "op://not/followed/again"}}
	var refs []secret.Reference
	for _, text := range []string{"env://KEY", "env://URL", "env://NONE", "vault://secret/app#/key"} {
		ref, err := secret.ParseReference(text)
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, ref)
	}
	var got []string
	for _, result := range Resolve(t.Context(), append(local.Systems(), system), refs) {
		got = append(got, fmt.Sprintf("%s %s %s %v", result.From, result.Value.Reveal(), result.Version, result.Err))
	}
	want := []string{
		"vault://secret/app#/key op://not/followed/again 7 <nil>",
		"env://URL postgres://a:b@c/d  <nil>",
		"vault://secret/app#/none   env://NONE: vault://secret/app#/none: not found",
		"vault://secret/app#/key op://not/followed/again 7 <nil>",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
