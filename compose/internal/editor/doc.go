// Package editor changes the bytes of one YAML document that a person wrote: it sets
// the text of one entry, or adds items to one list. It inserts lines, or replaces one
// scalar; all other bytes stay.
//
// Where a line belongs depends on what stands around it, so each edit has several
// ways. The result of each is parsed again and compared with the document before:
// kinds, styles, tags, anchors, aliases, values and comments. The first way in which
// nothing but the wanted node differs is taken. Where there is none, the edit is
// refused, and so is one of a node that an alias repeats elsewhere.
//
// It does not know what the document means, which keys it has, or where it is stored.
package editor
