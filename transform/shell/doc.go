// Package shell reads and writes text for a shell.
//
// One scanner (scan.go) reads a script to its parts: the letters of words, what ends a
// word or a command, expansions, scripts in scripts, seals, and the quoting that each
// is in. All readers are small functions on it: Commands gives words and the bytes
// that they come from, ReadSeals puts the reading of a file in the place of a seal.
// Quote and DoubleQuoted write words, Expands looks for a variable in a text, and
// ScriptIn finds the script among the words of a command.
//
// The scanner reads any text, since a credential has to be found, and a seal replaced,
// in what is no script too: Compose's string form, half a command, a syntax error. It
// knows quoting, $(…) and `…`, ${…}, $((…)), comments, case and here-documents as
// dash, busybox and bash read them. It does not know what a command means: functions,
// aliases and loops are words to it, an array is the words in it, and no expansion is
// followed. In $((…)) quotes are letters to it, as POSIX says; bash takes them off. It
// does not know programs and their flags, services, or values: a seal is all that it
// sees of a secret.
//
// mvdan.cc/sh/v3/syntax is not used: a text that it cannot parse still needs all of
// this, so there would be two readers. Where it can parse, both see the same: a seal
// put at any of 26,799 places in the scripts of 327 public Compose applications had the
// same quoting in both, or (1,253) was an error to mvdan.cc/sh. That is an error too for
// 55 % of the beginnings of those scripts (an open quote, an if without fi), and for
// what only bash takes for two scripts, $((a);(b)). With v3.14.1 the program is 279 kB
// (0.9 %) larger, and its start takes as long.
package shell
