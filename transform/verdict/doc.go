// Package verdict judges one variable: is its value a secret? It knows the rules,
// which are tables (rule_*.go), what a generated value looks like (random.go, shape*.go),
// the flags of programs that take a credential (command.go), and what the user decided
// beforehand (Policy).
//
// Credentials returns the places of credentials in a text: in a URL, JSON, a
// configuration file, a command. Its finders (span*.go) are the rules for values as well,
// so that both know the same shapes. CommentTells judges comments, JudgeKey values with a
// key of several parts. Distinctive, Encodings and Finder help to find a known value
// elsewhere.
//
// It sees values, to judge them, and keeps none: a Finding names a verdict and a rule,
// a Span its place. It does not know where a variable was written, what its secret is
// called, or how a service reads it.
package verdict
