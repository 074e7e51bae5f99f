package images

import (
	"path"
	"strings"
)

// wrappers are the programs that only start another one.
//
//nolint:gochecknoglobals // a table, never written
var wrappers = WordSet(`tini tini-static dumb-init catatonit s6-svscan env sh bash ash exec gosu su-exec setpriv nice`)

// CalledBy tells whether words, what runs in the place of the image's own entrypoint,
// are known to start that all the same: they name its program. Of an image without an
// entrypoint it is the program of its command.
func (c Config) CalledBy(words []string) bool {
	own := c.program()
	if own == "" {
		return false
	}
	for _, word := range words {
		for _, part := range strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune(" \t\r\n;&|()'\"`$", r) }) {
			if path.Base(part) == own {
				return true
			}
		}
	}
	return false
}

// program returns the name of the first program that does more than to start another.
func (c Config) program() string {
	for _, list := range [][]string{c.Entrypoint, c.Command} {
		for _, word := range list {
			if name := path.Base(word); word != "" && !strings.HasPrefix(word, "-") && !wrappers[name] {
				return name
			}
		}
	}
	return ""
}
