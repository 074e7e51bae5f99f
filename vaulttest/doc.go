// Package vaulttest tests source/vault against a real Vault:
// the server itself as a library, in memory, listening on loopback.
//
// It is a module of its own, and nothing but its tests is in it: Vault's server
// is under the Business Source License, is a very large thing to build, and is
// no part of the program. `make test-vault` runs it.
package vaulttest
