// Package transform is the pure core: which inputs of an application are secrets
// (Classify), what each is called on the Swarm, how each service will read it
// (the deliveries), and the rewrite of a sealed model (Rewrite).
//
// Classify sees values, to judge them. Everything after it works on names and
// seals and cannot leak what it does not have.
//
// It does not know files, the environment, the network, the clock, the Engine or
// the command line.
package transform
