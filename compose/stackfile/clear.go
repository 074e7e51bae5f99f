package stackfile

import (
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// inClear returns the paths for x-in-clear, sorted: those of f, and where values are not
// here those of the file that is there, since only with the value is another form of it
// known as one.
func (f File) inClear() []string {
	paths := slices.Clone(f.InClear)
	if f.Kept {
		docs, _ := document.Parse("", f.Old) // what is wrong with it, others say
		for _, doc := range docs {
			for _, item := range document.Sequence(document.Entry(doc, "x-in-clear")) {
				paths = append(paths, text(item))
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
