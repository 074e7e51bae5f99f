// Package shell reads and writes text for a POSIX shell: it splits a script into the
// words of its commands, quotes words, and puts the reading of a file in the place of
// a seal.
//
// It does not know programs and their flags, services, or values: a seal is all that
// it sees of a secret.
package shell
