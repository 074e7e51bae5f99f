// Command licenses writes docs/licenses.md: the modules that are linked into the program
// on any system that releases are built for, and their licences with the texts, which
// most of them want to be passed on. It fails if a licence is not one that a program
// under Apache-2.0 may use. It knows modules and licences, and nothing of the program.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run . ../../docs/licenses.md

// allowed are the licences, by their SPDX names, that a module may have.
//
//nolint:gochecknoglobals // a table, never written
var allowed = map[string]bool{
	"Apache-2.0": true, "MIT": true, "BSD-2-Clause": true, "BSD-3-Clause": true, "ISC": true, "MPL-2.0": true,
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: licenses FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run writes the page to the file path.
func run(path string) error {
	modules, err := linked("github.com/docker-secrets/docker-secrets")
	if err != nil {
		return err
	}
	for i := range modules {
		if err := modules[i].read(); err != nil {
			return err
		}
	}
	var page bytes.Buffer
	writePage(&page, modules)
	return os.WriteFile(filepath.Clean(path), page.Bytes(), 0o644)
}
