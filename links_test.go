//go:build unix

package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pagesHere returns the pages of this checkout, but for those in folders of other modules,
// samples and what is built.
func pagesHere(t *testing.T) []string {
	t.Helper()
	var pages []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".github" || entry.Name() == "testdata" || entry.Name() == "dist") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) == ".md" && path != filepath.Join("docs", "licenses.md") {
			pages = append(pages, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// anchorsOf returns the anchors of a page's headings, as GitHub makes them.
func anchorsOf(content string) map[string]bool {
	anchors := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^#+ +(.+)$`).FindAllStringSubmatch(content, -1) {
		text := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(found[1], "$1")
		text = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(text), "")
		anchors[strings.ReplaceAll(strings.TrimSpace(text), " ", "-")] = true
	}
	return anchors
}

func TestLinksLeadSomewhere(t *testing.T) {
	// A link in a page to a file or heading of this project must have a target.
	links := 0
	for _, page := range pagesHere(t) {
		content := read(t, page)
		for _, found := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(content, -1) {
			if strings.Contains(found[1], "://") || strings.HasPrefix(found[1], "mailto:") {
				continue
			}
			links++
			path, anchor, _ := strings.Cut(found[1], "#")
			target, text := page, content
			if path != "" {
				target = filepath.Join(filepath.Dir(page), path)
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s: %s does not exist", page, found[1])
					continue
				}
			}
			if anchor == "" {
				continue
			}
			if path != "" {
				text = read(t, target)
			}
			if !anchorsOf(text)[anchor] {
				t.Errorf("%s: %s: %s has no such heading", page, found[1], target)
			}
		}
	}
	if links < 20 {
		t.Errorf("%d links are found, too few to be all", links)
	}
}
