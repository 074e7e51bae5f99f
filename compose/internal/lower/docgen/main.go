// Command docgen writes docs/compose-keys.md from the tables of package lower. It
// knows nothing but where to write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"github.com/docker-secrets/docker-secrets/compose/internal/lower"
)

func main() {
	out := flag.String("o", "docs/compose-keys.md", "file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path string) error {
	var page bytes.Buffer
	if err := lower.WritePage(&page); err != nil {
		return err
	}
	return os.WriteFile(path, page.Bytes(), 0o644)
}
