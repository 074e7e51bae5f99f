package repository

import "strings"

// gram is how many bytes are looked at together.
const gram = 4

// minSought is the length in bytes of the shortest value that is searched for.
const minSought = 6

// matcher finds many values in one pass. It keeps them in a closure, as secret.Value
// does, so that no dump shows them.
type matcher struct {
	// find calls hit with the index of each value that is in text, and where.
	find func(text string, hit func(value, at int))
}

// newMatcher makes the matcher for values, of which those that are too short are left
// out.
//
// Of each value the first grams are in a table. A text is looked at in steps so wide
// that one of them hits each value: with values of minSought bytes, at every third byte.
func newMatcher(values []string) matcher {
	stride := strideOf(values)
	if stride == 0 {
		return matcher{find: func(string, func(int, int)) {}}
	}
	table, entries := gramsOf(values, stride)
	hits := func(key uint32, text string, at int, hit func(value, at int)) {
		for _, e := range entries[key] {
			if start := at - e.offset; start >= 0 && strings.HasPrefix(text[start:], values[e.value]) {
				hit(e.value, start)
			}
		}
	}
	return matcher{find: func(text string, hit func(value, at int)) {
		for i := 0; i+gram <= len(text); i += stride {
			if key := gramAt(text, i); table[slot(key)] {
				hits(key, text, i, hit)
			}
		}
	}}
}

// gramsOf returns the first grams of values, and the slots in which they are.
func gramsOf(values []string, stride int) (table [1 << 16]bool, entries map[uint32][]entry) {
	entries = map[uint32][]entry{}
	for i, v := range values {
		if len(v) < minSought {
			continue
		}
		for offset := range stride {
			key := gramAt(v, offset)
			table[slot(key)] = true
			entries[key] = append(entries[key], entry{i, offset})
		}
	}
	return table, entries
}

// entry is a gram of a value.
type entry struct{ value, offset int }

// strideOf returns how far apart a text can be looked at; 0 if there is nothing to find.
func strideOf(values []string) int {
	stride := 0
	for _, v := range values {
		if width := len(v) - gram + 1; len(v) >= minSought && (stride == 0 || width < stride) {
			stride = width
		}
	}
	return stride
}

// gramAt returns the bytes of text from i on as a number.
func gramAt(text string, i int) uint32 {
	return uint32(text[i]) | uint32(text[i+1])<<8 | uint32(text[i+2])<<16 | uint32(text[i+3])<<24
}

// slot hashes a gram into the table.
func slot(key uint32) uint32 { return key * 0x9E3779B1 >> 16 }
