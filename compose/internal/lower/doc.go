// Package lower turns an application in the terms of the Compose Spec into one
// that `docker stack deploy` takes, and keeps account of everything that it
// changed on the way.
//
// What happens to a key is data: one line in one of the tables (tables.go and its
// neighbours), which docs/compose-keys.md is generated from. A key that has no
// line is dropped and reported, never passed through.
//
// The package is pure. It knows no files, no clock, no Engine and no YAML, and it
// cannot tell a secret from any other text: no message quotes a value that
// could be one. It does not know the Swarm it lowers for; what depends on that (do
// the nodes have the bind mounts' paths, is a network of swarm scope) is said in a
// Change.
package lower
