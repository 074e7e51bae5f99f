// Package sopstest holds tests of source's sops:// references against the real
// sops, encrypting with age.
//
// It is a module of its own, and nothing but its tests is in it: sops brings the
// libraries of every key service, and is no part of the program, which runs the
// user's own. `make test-sops` runs it.
package sopstest
