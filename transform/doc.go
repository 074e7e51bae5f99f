// Package transform rewrites a sealed application: it chooses how each service reads
// its secrets (the deliveries) and writes that into the model (Rewrite). It holds what
// classify decided (Decisions), names and seals, and it cannot leak a value because it
// has none. A test refuses a file of this package that names the type of one.
//
// It does not know verdict rules, values, files, the environment, the network, the
// clock, the Engine or the command line.
package transform
