package editor

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// file is a document with the bytes that it was parsed from.
type file struct {
	content []byte
	root    *yaml.Node
	starts  []int // the offset of each line in content
}

// byteOrderMark may begin a file, and must stay its beginning.
const byteOrderMark = "\uFEFF"

// read fails for what is not YAML, and for more or fewer documents than one.
func read(content []byte) (file, error) {
	docs, err := document.Parse("", content)
	if err != nil || len(docs) != 1 {
		return file{}, errors.New("the file is not one YAML document")
	}
	f := file{content: content, root: docs[0]}
	offset := 0
	for line := range bytes.Lines(content) {
		f.starts = append(f.starts, offset)
		offset += len(line)
	}
	return f, nil
}

// insert returns the content with text, which is whole lines, after the first n lines,
// or at the end if there are fewer. text ends its lines with "\n"; they get the line end
// of the line before.
func (f file) insert(n int, text string) []byte {
	at := len(f.content)
	if n < len(f.starts) {
		at = f.starts[n]
	}
	if at == 0 && bytes.HasPrefix(f.content, []byte(byteOrderMark)) {
		at = len(byteOrderMark)
	}
	head, tail, end := f.content[:at:at], f.content[at:], f.lineEnd(at)
	if n > 0 && !bytes.HasSuffix(head, []byte("\n")) {
		head = append(head, end...)
	}
	return slices.Concat(head, []byte(strings.ReplaceAll(text, "\n", end)), tail)
}

// lineEnd returns what ends the last line before offset, "\r\n" or "\n". If that line
// has no end, the first line of the file decides.
func (f file) lineEnd(offset int) string {
	before := f.content[:offset]
	if !bytes.HasSuffix(before, []byte("\n")) {
		before, _, _ = bytes.Cut(f.content, []byte("\n"))
		before = append(slices.Clone(before), '\n')
	}
	if bytes.HasSuffix(before, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// replace returns the content with text in the place of the bytes from start to end.
func (f file) replace(start, end int, text string) []byte {
	return slices.Concat(f.content[:start], []byte(text), f.content[end:])
}

// offset returns where node begins in the content, its anchor and tag included. ok is
// false for a line that the content does not have: the parser also ends lines at
// characters other than "\n".
func (f file) offset(node *yaml.Node) (at int, ok bool) {
	if node.Line < 1 || node.Line > len(f.starts) {
		return 0, false
	}
	at = f.starts[node.Line-1]
	for range node.Column - 1 { // columns count characters
		_, size := utf8.DecodeRune(f.content[at:])
		at += size
	}
	return at, at <= len(f.content)
}
