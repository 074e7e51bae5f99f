package source

import (
	"github.com/docker-secrets/docker-secrets/source/aws"
	"github.com/docker-secrets/docker-secrets/source/azure"
	"github.com/docker-secrets/docker-secrets/source/google"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/source/vault"
)

// Systems returns every system: those of this machine, with paths and variables as local
// has them, the user's programs that keep secrets, and the secret managers. A system reads
// nothing, runs nothing and connects to nothing before a reference needs it.
func Systems(local Local) []store.System {
	systems := append(local.Systems(), newSOPS(local), newOnePassword(local))
	for _, s := range Stores() {
		systems = append(systems, s)
	}
	return systems
}

// Stores returns the secret managers. A new one is a row here and a package; the test of
// this table names the other places that have to know it.
func Stores() []store.Store {
	return []store.Store{
		&aws.Store{},
		&azure.Store{},
		&google.Store{},
		&vault.Store{},
	}
}

// storeOf returns the secret manager with the scheme; false if there is none.
func storeOf(scheme string) (store.Store, bool) {
	for _, s := range Stores() {
		if s.Scheme() == scheme {
			return s, true
		}
	}
	return nil, false
}
