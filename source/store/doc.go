// Package store has the interfaces of the systems that hold values and the code that
// the secret managers share: reading and writing each payload once, taking a key out
// of a JSON payload and setting one, running requests side by side, explaining failed
// connections, and suggesting similar names.
//
// A system resolves the references of one scheme. A store is a system that keeps
// versions and can be written to: a secret manager. What a store keeps under one name
// is a payload; a payload holds one value, or several as the keys of a JSON object.
// A reference names a place; in a store that is a payload, and a store's package calls
// its coordinates a location. A fault is an error written for a person: one line that
// says what is wrong and what to do, and that quotes neither a value nor the answer of a
// server.
//
// The package does not know which systems there are, and imports none of them.
package store
