package source

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each message that the pages of the secret managers list must be one that a test of this
// folder wants, word for word; … stands for anything.
func TestMessagesOfPages(t *testing.T) {
	var tests strings.Builder
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(content)
	}
	row := regexp.MustCompile("(?m)^\\| `(.*?)` \\|")
	for _, page := range []string{"aws", "azure", "google", "vault"} {
		content, err := os.ReadFile(filepath.Join("..", "docs", page+".md"))
		if err != nil {
			t.Fatal(err)
		}
		_, table, _ := strings.Cut(string(content), "\n## Messages\n")
		rows := row.FindAllStringSubmatch(table, -1)
		if len(rows) < 20 {
			t.Errorf("%s: only %d messages are found", page, len(rows))
		}
		for _, found := range rows {
			for part := range strings.SplitSeq(strings.ReplaceAll(found[1], "#/…", "#/\x00"), "…") {
				part = strings.Trim(strings.ReplaceAll(part, "\x00", "…"), " ;")
				if !strings.Contains(tests.String(), part) {
					t.Errorf("%s: no test wants %q", page, part)
				}
			}
		}
	}
}
