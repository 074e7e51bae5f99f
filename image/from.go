package image

import (
	"strings"
)

// fromKeyword begins the line of RecordKey about an image that is built here: FROM
// postgres:16. Of what it starts such a line says nothing.
const fromKeyword = "FROM "

// FromLine is the line of RecordKey about an image that is built on base.
func FromLine(base string) string { return fromKeyword + base }

// Bases returns the images that others are built on, by the full name of the other one:
// lines are those of RecordKey, by image.
func Bases(lines map[string]string) map[string]string {
	bases := map[string]string{}
	for name, line := range lines {
		if base, found := strings.CutPrefix(strings.TrimSpace(line), fromKeyword); found {
			bases[Name(name)] = strings.TrimSpace(base)
		}
	}
	return bases
}
