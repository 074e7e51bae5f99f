package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A base must give the places of a secret in order, each in the system's own form.
func TestBasePlaces(t *testing.T) {
	for base, want := range map[string]string{
		"awssecrets://gym-ai-prod/":         "awssecrets://gym-ai-prod/db_key awssecrets://gym-ai-prod/db-key",
		"awssecrets://gym-ai-prod#/":        "awssecrets://gym-ai-prod#/db_key awssecrets://gym-ai-prod#/db-key awssecrets://gym-ai-prod#/DB_KEY",
		"awssecrets://app-?region=eu":       "awssecrets://app-db_key?region=eu awssecrets://app-db-key?region=eu",
		"azurekeyvault://shop/":             "azurekeyvault://shop/db-key",
		"azurekeyvault://shop/prod-":        "azurekeyvault://shop/prod-db-key",
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

// What no name can follow must be refused, without a word of it: it may be a value.
func TestBaseRefused(t *testing.T) {
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
