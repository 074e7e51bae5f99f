// Package terminaltest has terminals for tests: pseudo terminals of a given size, and what
// a person sees on one after a program has written to it, drawn over, and coloured. It
// knows the few control sequences that this program uses, and no program.
package terminaltest
