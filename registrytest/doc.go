// Package registrytest holds tests of image's lookups against a real registry,
// distribution, which public hubs are built from: tokens, indexes, a mirror, a proxy.
//
// It is a module of its own, and nothing but its tests is in it: the registry brings
// the libraries of every storage, and is no part of the program. `make test-registry`
// runs it.
package registrytest
