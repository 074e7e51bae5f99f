package images

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// entrypointRow is one row of data/entrypoints.tsv, whose head describes the columns.
type entrypointRow struct {
	images              []reference
	entrypoint, command []string
}

// EntrypointFor is what image, as it is written in a compose file, runs by its
// Dockerfile, or false.
func EntrypointFor(image string) (Config, bool) {
	rows, err := entrypointTable()
	if err != nil || image == "" {
		return Config{}, false
	}
	ref := parseImage(image)
	for _, row := range rows {
		if slices.ContainsFunc(row.images, ref.matches) {
			return Config{Entrypoint: row.entrypoint, Command: row.command, HasShell: Yes}, true
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

func readEntrypoints(text string) (rows []entrypointRow, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) != 3 {
			err = errors.Join(err, fmt.Errorf("entrypoints.tsv:%d: %d columns; there are 3", number, len(columns)))
			continue
		}
		row := entrypointRow{entrypoint: strings.Fields(columns[1])}
		if columns[2] != "-" {
			row.command = strings.Fields(columns[2])
		}
		for pattern := range strings.FieldsSeq(columns[0]) {
			row.images = append(row.images, parseImage(pattern))
		}
		rows = append(rows, row)
	}
	return rows, err
}
