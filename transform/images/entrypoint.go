package images

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// entrypointRow is one row of data/entrypoints.tsv, whose head describes the columns.
type entrypointRow struct {
	images              []reference
	tags                tagRange
	entrypoint, command []string
	shell               Answer
}

// EntrypointFor returns what image, as it is written in a compose file, runs by its
// Dockerfile; false if it is not known.
func EntrypointFor(image string) (Config, bool) {
	rows, err := entrypointTable()
	if err != nil || image == "" {
		return Config{}, false
	}
	ref := parseImage(image)
	for _, row := range rows {
		if !slices.ContainsFunc(row.images, ref.matches) {
			continue
		}
		if ref.pinned && ref.tag == "" && row.tags != (tagRange{}) {
			return Config{}, false // the digest does not tell the version
		}
		if row.tags.holds(ref) {
			return Config{Entrypoint: row.entrypoint, Command: row.command, HasShell: row.shell}, true
		}
	}
	return Config{}, false
}

//go:embed data/entrypoints.tsv
var entrypointsText string

// entrypointTable is data/entrypoints.tsv, read once. A test proves that it is
// well formed.
//
//nolint:gochecknoglobals // read once, never written
var entrypointTable = sync.OnceValues(func() ([]entrypointRow, error) { return readEntrypoints(entrypointsText) })

// readEntrypoints parses the table. All rows with faults are reported, joined.
func readEntrypoints(text string) (rows []entrypointRow, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row, fault := readEntrypoint(strings.Split(line, "\t"))
		if fault != nil {
			err = errors.Join(err, fmt.Errorf("entrypoints.tsv:%d: %w", number, fault))
			continue
		}
		rows = append(rows, row)
	}
	return rows, err
}

// entrypointColumns is the number of columns in data/entrypoints.tsv.
const entrypointColumns = 6

func readEntrypoint(columns []string) (row entrypointRow, err error) {
	if len(columns) != entrypointColumns {
		return row, fmt.Errorf("%d columns; there are %d", len(columns), entrypointColumns)
	}
	for pattern := range strings.FieldsSeq(columns[0]) {
		row.images = append(row.images, parseImage(pattern))
	}
	row.tags = parseTagRange(columns[1])
	if err = row.tags.check(); err != nil {
		return row, err
	}
	if row.entrypoint, err = wordsOf(columns[2]); err != nil {
		return row, err
	}
	if columns[3] != "?" {
		if row.command, err = wordsOf(columns[3]); err != nil {
			return row, err
		}
	}
	switch columns[4] {
	case "yes", "no":
		row.shell = Answer(columns[4])
	case "?":
	default:
		return row, fmt.Errorf("shell %q: write yes, no or ?", columns[4])
	}
	if len(row.images) == 0 || columns[5] == "" || len(row.entrypoint) == 0 && row.command != nil && len(row.command) == 0 {
		return row, errors.New("a row needs an image, something that runs, and a source")
	}
	return row, nil
}

// wordsOf reads "-" for none, words between blanks, or a JSON list of them.
func wordsOf(text string) ([]string, error) {
	words := []string{}
	switch {
	case text == "-":
	case strings.HasPrefix(text, "["):
		if err := json.Unmarshal([]byte(text), &words); err != nil {
			return nil, fmt.Errorf("%s: not a list of words", text)
		}
	default:
		words = strings.Fields(text)
	}
	return words, nil
}
