package source

// Systems are all that this program knows: the places of this machine, as local
// means them, the user's own programs that keep secrets, and the secret managers.
// Nothing is read, run or connected to before a reference needs it.
func Systems(local Local) []System {
	systems := append(local.Systems(), newSOPS(local), newOnePassword(local))
	for _, store := range Stores() {
		systems = append(systems, store)
	}
	return systems
}

// Stores are the secret managers.
func Stores() []Store {
	return []Store{&AWS{}, &Azure{}, &Google{}, &Vault{}}
}
