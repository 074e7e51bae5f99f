// Package verdict judges one variable: is its value a secret? It knows the rules,
// which are tables (rule_*.go), what a generated value looks like (random.go, shape*.go),
// the flags of programs that take a credential (command.go), and what the user decided
// beforehand (Policy).
//
// Credentials says where in a text the credentials are: in a URL, JSON, a configuration
// file, a command. Its finders (span*.go) are the rules for values as well, so that a
// shape is known in both or in none. CommentTells judges comments, JudgeKey what has a
// key of several parts. For who looks for a known value elsewhere there are Distinctive,
// Encodings and Finder.
//
// It sees values, to judge them, and keeps none: a Finding names a verdict and a rule,
// a Span its place. It does not know where a variable was written, what its secret is
// called, or how a service reads it.
package verdict
