// Package editor changes the bytes of one YAML document that a person wrote: Set sets
// the text of one entry, Add adds items to one list. An edit inserts lines or replaces
// one scalar. All other bytes stay.
//
// Which line is the right one depends on its neighbours, so each edit has several ways.
// The package parses the result of each way and compares it with the document before:
// kinds, styles, tags, anchors, aliases, values and comments. It takes the first way in
// which only the wanted node differs. If there is no such way, or if an alias repeats
// the node elsewhere, it refuses the edit.
//
// The package does not know what the document means, which keys it has, or where it is
// stored.
package editor
