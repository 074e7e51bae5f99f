// Package recall reads from the stack file of an earlier migrate what a checkout does
// not have: which variables are which secrets, the plain values that the file shows,
// and the flags that made it. So a migrate in a fresh clone gives the same file.
//
// It knows names and places. Where a secret's value is not here it gives a placeholder,
// which must not get into a stack file.
package recall
