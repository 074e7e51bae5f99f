// Package compose knows the two file formats: Compose Spec in, read with
// compose-go, and the stack file out, with the env files that belong to the
// first and the header and pins that belong to the second.
//
// Load sees every value, so that package transform can judge them; Seal loads
// the application again with each secret replaced by a seal, and from there on
// nothing in this program's way to the output file holds a value.
//
// It does not know the Engine, the command line, or where a deployer keeps the
// values of an external secret.
package compose
