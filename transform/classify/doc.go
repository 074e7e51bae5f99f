// Package classify decides for a whole application which inputs are secrets, what
// each is called, and which secrets are made of others. Its result has two halves:
// transform.Decisions holds no value and goes to the rewrite; Sealing holds the
// values and goes to compose.Seal, which replaces them.
//
// It does not know files, the environment, or how a service reads a secret. The
// rewrite (package transform) cannot import it: this package imports transform, so
// the compiler refuses the circle.
package classify
