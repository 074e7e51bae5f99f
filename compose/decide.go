package compose

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/sys/atomicwriter"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Decide adds decisions to x-docker-secrets at the top level of the first compose
// file, and says which file that is. The application stays as it was loaded; load
// it again to migrate with them. The error says what to add by hand.
func (a *Application) Decide(decisions verdict.Policy) (file string, err error) {
	file = a.Files[0]
	for _, f := range a.src.files {
		if f.Filename == "-" {
			return file, errors.New("stdin: decisions cannot be written to it; name the file with -f")
		}
	}
	first := a.src.files[0]
	now, err := os.ReadFile(first.Filename)
	if err != nil || !bytes.Equal(now, first.Content()) {
		return file, fmt.Errorf("%s was changed in the meantime; add by hand:\n\n%s", file, decisionText(decisions))
	}
	content, err := Decided(first.Content(), decisions)
	if err != nil {
		return file, fmt.Errorf("%s: %w", file, err)
	}
	if err := overwrite(first.Filename, content); err != nil {
		return file, fmt.Errorf("%s cannot be written: %w; add by hand:\n\n%s", file, document.Pathless(err), decisionText(decisions))
	}
	return file, nil
}

// overwrite replaces the regular file at path, as a whole or not at all.
func overwrite(path string, content []byte) error {
	path = resolve(path)
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", filepath.Base(path))
	}
	return atomicwriter.WriteFile(path, content, info.Mode().Perm())
}

// Decided returns content, the bytes of a compose file, with decisions added to its
// top-level x-docker-secrets, which is made at the end where there is none.
// Everything else stays byte for byte. What cannot be edited that way is refused,
// with the text to add by hand.
func Decided(content []byte, decisions verdict.Policy) ([]byte, error) {
	edited, ok := content, true
	for _, list := range slices.Backward(decisionLists(decisions)) { // what is made goes on top
		if ok && len(list.names) > 0 {
			edited, ok = list.addTo(edited)
		}
	}
	if !ok {
		return nil, fmt.Errorf("%s cannot be added without touching what else is there; do it by hand:\n\n%s", writtenKey, decisionText(decisions))
	}
	return edited, nil
}

// addTo returns content with the list's names added. It is false where that would
// change anything else.
func (l decisionList) addTo(content []byte) ([]byte, bool) {
	before, ok := readDecisionFile(content, l.key)
	if !ok {
		return nil, false
	}
	for _, edited := range before.edits(content, l) {
		after, ok := readDecisionFile(edited, l.key)
		if ok && after.rest == before.rest && slices.Equal(after.names, slices.Concat(before.names, l.names)) {
			return edited, true
		}
	}
	return nil, false
}

// edits are the ways to add l that may do, the best first.
func (f decisionFile) edits(content []byte, l decisionList) [][]byte {
	lines := bytes.SplitAfter(content, []byte("\n"))
	end := stackfile.LineEnd(lines[0])
	indent := strings.Repeat(" ", f.root.Content[0].Column-1)
	switch {
	case f.key == nil: // without the empty line where that would belong to a text above
		block := indent + writtenKey + ":" + end + l.block(indent+"  ", end)
		return [][]byte{inserted(lines, len(lines), end+block, end), inserted(lines, len(lines), block, end)}
	case f.list != nil && f.list.Style&yaml.FlowStyle != 0:
		return [][]byte{intoFlow(lines, f.list, l.names)}
	case f.list != nil && len(f.list.Content) > 0:
		last := f.list.Content[len(f.list.Content)-1]
		return [][]byte{inserted(lines, last.Line, l.items(strings.Repeat(" ", f.list.Column-1), end), end)}
	}
	indent += "  "
	if len(f.block.Content) > 0 {
		indent = strings.Repeat(" ", f.block.Content[0].Column-1)
	}
	return [][]byte{inserted(lines, f.key.Line, l.block(indent, end), end)}
}
