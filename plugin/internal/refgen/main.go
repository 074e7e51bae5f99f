// Command refgen writes the reference of all commands: pages for docs/reference and
// manual pages for docs/man. It knows the layout of pages, and no command.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/docker-secrets/docker-secrets/plugin"
)

//go:generate go run . ../../../docs

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: refgen FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run replaces folder/reference and folder/man, so that pages of commands that are gone
// are gone too.
func run(folder string) error {
	tree, err := plugin.Tree()
	if err != nil {
		return err
	}
	pages, manual := filepath.Join(folder, "reference"), filepath.Join(folder, "man")
	for _, dir := range []string{pages, manual} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	if err := doc.GenMarkdownTree(tree, pages); err != nil {
		return err
	}
	return writeManual(tree, manual)
}

// writeManual writes the manual pages of cmd and the commands below it.
func writeManual(cmd *cobra.Command, folder string) error {
	var page bytes.Buffer
	var never time.Time // cobra takes the clock's time for no time
	header := doc.GenManHeader{Section: "1", Source: "docker-secrets", Manual: "Docker User Manuals", Date: &never}
	if err := doc.GenMan(cmd, &header, &page); err != nil {
		return err
	}
	// A date would change the page whenever it is generated.
	content := bytes.Replace(page.Bytes(), []byte(never.Format("Jan 2006")), nil, 1)
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
	if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
		return err
	}
	for _, below := range cmd.Commands() {
		if !below.IsAvailableCommand() || below.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := writeManual(below, folder); err != nil {
			return err
		}
	}
	return nil
}
