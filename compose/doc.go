// Package compose knows the two file formats: Compose Spec in, read with
// compose-go, and the stack file out, with the env files that belong to the
// first and the header and pins that belong to the second.
//
// Load sees every value, so that package transform can judge them; Seal makes
// the application again with each secret replaced by a seal, and from there on
// nothing in this program's way to the output file holds a value.
//
// Most applications are given to compose-go once for both. That is as strict as
// twice. Load gives it the variables, labels and commands of services closed: as
// pointers that it passes on and cannot look into, to the text as people wrote it,
// in which no value has been. Load opens a copy of them with values, and Seal
// another one with seals, by the same functions. What compose-go did look into is
// used by both only if it interpolated no variable there that is a secret, so that
// seals would have given the same; the names of all that it interpolated are kept
// for that question. Else, and where a file has what cannot be closed, Seal loads
// again. Neither way is trusted: Seal looks for the value of every secret in all
// that it returns, and fails if it finds one.
//
// It does not know the Engine, the command line, or where a deployer keeps the
// values of an external secret.
package compose
