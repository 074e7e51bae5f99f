// Package seal defines the marks that stand for something which is not there: a seal
// for the value of a secret, and a kept variable for an expression that the docker CLI
// fills in. It knows names and expressions, and no value.
package seal
