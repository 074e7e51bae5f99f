// Command docgen writes the pages of docs/ that are generated from tables of this
// program. It knows which page comes from which table, and no table's content.
package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

//go:generate go run . ../../../docs

// pages writes each page, by its file name in docs/.
//
//nolint:gochecknoglobals // a table, never written
var pages = map[string]func(io.Writer) error{
	"checks.md":       check.WritePage,
	"compose-keys.md": lower.WritePage,
	"images.md":       func(w io.Writer) error { return images.WritePage(w, looksSecret) },
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: docgen FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes all pages into folder.
func run(folder string) error {
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		var page bytes.Buffer
		if err := pages[name](&page); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), page.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// looksSecret tells whether name alone is that of a secret: such a variable is the
// best example of its row. A pattern is no example.
func looksSecret(name string) bool {
	return !strings.Contains(name, "*") && verdict.Policy{}.Judge(verdict.Candidate{Name: name}).Verdict == transform.Secret
}
