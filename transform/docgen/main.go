// Command docgen writes docs/images.md from the table of package transform. It
// knows nothing but where to write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

func main() {
	out := flag.String("o", "docs/images.md", "file to write")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path string) error {
	var page bytes.Buffer
	if err := transform.WriteImagesPage(&page, looksSecret); err != nil {
		return err
	}
	return os.WriteFile(path, page.Bytes(), 0o644)
}

func looksSecret(name string) bool {
	return !strings.Contains(name, "*") && transform.Policy{}.Judge(transform.Candidate{Name: name}).Verdict == transform.Secret
}
