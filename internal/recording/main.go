// Command recording draws a terminal session as an SVG picture that plays by itself: a
// text file with prompts and output in, the picture out. It knows no command; e2e has
// the test that the session of docs/demo.txt is what the commands print.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: recording SESSION PICTURE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run draws the session in the file from into the file to.
func run(from, to string) error {
	session, err := os.ReadFile(filepath.Clean(from))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Clean(to), draw(string(session)), 0o644)
}
