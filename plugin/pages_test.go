package plugin

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/spf13/cobra"
)

// shownCommand is what a page tells people to type.
type shownCommand struct {
	place string
	text  string // without "docker secrets"
	prose bool   // in a sentence: a command alone is its name, and [ARGUMENT]… may stand in it
}

var (
	codeSpan  = regexp.MustCompile("`([^`]+)`")
	inBlock   = regexp.MustCompile(`^\s*(?:\$ |- |- run: |.*&& |.*\| )?docker secrets ([a-z].*)`)
	inPage    = regexp.MustCompile(`(?:^|[\s"(])docker secrets ([a-z].*)`)
	inWords   = regexp.MustCompile(`^docker secrets ([a-z].*)`)
	separates = regexp.MustCompile(`, | \(|; | \\$`)
)

// shownCommands returns the commands in the code blocks and code spans of a page.
func shownCommands(page, content string) []shownCommand {
	var all []shownCommand
	fenced := false
	for line := range strings.Lines(strings.ReplaceAll(content, "\\\n", " ")) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") {
			shown := inBlock
			if !fenced {
				shown = inPage
			}
			if found := shown.FindStringSubmatch(line); found != nil {
				text, _, _ := strings.Cut(found[1], " #")
				all = append(all, shownCommand{page, separates.Split(text, 2)[0], !fenced})
			}
			continue
		}
		for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
			if found := inWords.FindStringSubmatch(span[1]); found != nil {
				all = append(all, shownCommand{page, found[1], true})
			}
		}
	}
	return all
}

// fault returns why the command cannot be run as it is written; nil if it can.
func (c shownCommand) fault() error {
	words, err := shellwords.Parse(c.text) // up to the first | > & ;
	if err != nil {
		return err
	}
	var args []string
	for _, word := range words {
		if word = strings.TrimSuffix(word, "…"); !strings.HasPrefix(word, "[") {
			args = append(args, word)
		}
	}
	tree, err := Tree()
	if err != nil {
		return err
	}
	cmd, rest, err := tree.Find(args)
	if err != nil {
		return err
	}
	if err = cmd.ParseFlags(rest); err != nil {
		return err
	}
	if c.prose && len(rest) < 2 || cmd == tree {
		return cobra.NoArgs(tree, unknownWords(cmd, tree, rest))
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// unknownWords is what stands where a command should.
func unknownWords(cmd, tree *cobra.Command, rest []string) []string {
	if cmd != tree {
		return nil
	}
	return rest
}

// Each docker secrets command that a page shows must be one that the program takes: the
// command, its flags and the number of arguments.
func TestPagesShowCommandsThatExist(t *testing.T) {
	count := 0
	for _, root := range []string{"../README.md", "../SECURITY.md", "../docs", "../examples"} {
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".md" {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for _, shown := range shownCommands(path, string(content)) {
				count++
				if err := shown.fault(); err != nil {
					t.Errorf("%s: docker secrets %s: %v", shown.place, shown.text, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 50 {
		t.Errorf("only %d commands were found", count)
	}
}

// A command, flag or argument that does not exist must be found, in a block and in a sentence.
func TestWrongCommandsInPagesAreFound(t *testing.T) {
	for text, want := range map[string]int{
		"```console\n$ docker secrets migrate --check\n```":                       0,
		"```console\n$ docker secrets migrate --chekc | cat\n```":                 1,
		"```console\n$ docker secrets migrat\n```":                                1,
		"```console\n$ docker secrets rotate shop\n```":                           1,
		"```console\n$ docker secrets rotate shop \\\n    key --generate 32\n```": 0,
		"```console\n$ docker secrets create shop > pins.yml && x --wrong\n```":   0,
		"`docker secrets rotate` and `docker secrets create [STACK]`":             0,
		"`docker secrets rotate --form x`, `docker secrets ls a b`":               2,
		"    docker secrets deploy STACK --from BASE, with a base of its own\n":   0,
		"    docker secrets prune STACK --all, with a base of its own\n":          1,
	} {
		var faults []error
		for _, shown := range shownCommands("page", text) {
			if err := shown.fault(); err != nil {
				faults = append(faults, err)
			}
		}
		if len(faults) != want {
			t.Errorf("%q: %d faults, want %d: %v", text, len(faults), want, faults)
		}
	}
}
