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

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/editor"
	"github.com/docker-secrets/docker-secrets/internal/regular"
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
	now, err := regular.Read(first.Filename)
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
	edited := content
	for _, list := range slices.Backward(decisionLists(decisions)) { // what is made goes on top
		if len(list.names) == 0 {
			continue
		}
		var err error
		if edited, err = editor.Add(edited, []string{writtenKey, list.key}, list.names); err != nil {
			return nil, fmt.Errorf("%s cannot be added without changing other lines; add by hand:\n\n%s", writtenKey, decisionText(decisions))
		}
	}
	return edited, nil
}

// decisionList is what is to be added to one of the lists in x-docker-secrets.
type decisionList struct {
	key   string
	names []string // as written in the file: "$" is doubled
}

func decisionLists(decisions verdict.Policy) []decisionList {
	lists := []decisionList{{"secret", slices.Clone(decisions.Secret)}, {"plain", slices.Clone(decisions.Plain)}}
	for _, list := range lists {
		for i, name := range list.names {
			list.names[i] = strings.ReplaceAll(name, "$", "$$")
		}
	}
	return lists
}

// decisionText is a block of its own that holds decisions.
func decisionText(decisions verdict.Policy) string {
	var b strings.Builder
	b.WriteString(writtenKey + ":\n")
	for _, list := range decisionLists(decisions) {
		if len(list.names) > 0 {
			b.WriteString(editor.List(2, []string{list.key}, list.names))
		}
	}
	return b.String()
}
