package source

import (
	"github.com/docker-secrets/docker-secrets/source/aws"
	"github.com/docker-secrets/docker-secrets/source/azure"
	"github.com/docker-secrets/docker-secrets/source/google"
	"github.com/docker-secrets/docker-secrets/source/store"
	"github.com/docker-secrets/docker-secrets/source/vault"
)

// Systems are all that this program knows: the places of this machine, as local
// means them, the user's own programs that keep secrets, and the secret managers.
// Nothing is read, run or connected to before a reference needs it.
func Systems(local Local) []store.System {
	systems := append(local.Systems(), newSOPS(local), newOnePassword(local))
	for _, store := range Stores() {
		systems = append(systems, store)
	}
	return systems
}

// Stores are the secret managers.
func Stores() []store.Store {
	return []store.Store{&aws.Store{}, &azure.Store{}, &google.Store{}, &vault.Store{}}
}
