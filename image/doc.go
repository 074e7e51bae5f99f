// Package image finds out what images say about the way they run: their
// entrypoint, command, shell, healthcheck and the variables that they set. It
// asks the local Engine, then the registry with the user's credentials, over TLS
// or on this machine only. It remembers answers in the stack file, so that a run
// without either agrees, and in a cache, so that a hub which counts is asked once.
//
// It does not know compose files, services, secrets or their values, and it
// pulls no image: what it reads of a registry is a manifest and a config.
package image
