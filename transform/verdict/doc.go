// Package verdict judges one variable: is its value a secret? It knows the rules,
// which are tables (rule_*.go), the shapes of credentials (shape_*.go), the flags of
// programs that take one (command.go), and what the user decided beforehand (Policy).
//
// It sees values, to judge them, and keeps none: a Finding names a verdict and a rule.
// It does not know where a variable was written, what its secret is called, or how a
// service reads it.
package verdict
