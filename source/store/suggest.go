package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

// The limits of the request that lists names for a Suggestion, so that a wrong name still
// fails fast.
const (
	SuggestTimeout = 5 * time.Second
	SuggestPages   = 5
)

// Suggestion returns ", but has NAME, NAME" with the names that name is probably a typing
// mistake for, at most three, the most similar first; "" if no name is similar.
func Suggestion(name string, names []string) string {
	similar := similarNames(name, names)
	if len(similar) == 0 {
		return ""
	}
	return ", but has " + strings.Join(similar, ", ")
}

// Similar returns the one of names that name is most probably a typing mistake for, "" if
// none is similar.
func Similar(name string, names []string) string {
	if similar := similarNames(name, names); len(similar) > 0 {
		return similar[0]
	}
	return ""
}

// similarNames returns those of names that differ from name in case, in separators, or in
// about one letter of four; at most three, the most similar first.
func similarNames(name string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var all []candidate
	for _, other := range names {
		d := distance(fold(name), fold(other))
		if other != name && d <= max(1, len(name)/4) {
			all = append(all, candidate{other, d})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var similar []string
	for _, candidate := range all[:min(3, len(all))] {
		similar = append(similar, candidate.name)
	}
	return similar
}

// fold returns name in lower case, with every separator as "_".
func fold(name string) string {
	return strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.ToLower(name))
}

// distance returns how many bytes have to be inserted, removed, replaced or swapped with
// the next to turn a into b (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := range len(a) {
		for j := range len(b) {
			replace := rows[i][j]
			if a[i] != b[j] {
				replace++
			}
			rows[i+1][j+1] = min(replace, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// NameCache keeps the names that each folder of a store has, for Suggestion. The zero
// value is ready. Goroutines may share it.
type NameCache struct {
	mu      sync.Mutex
	folders map[string]*folderNames
}

type folderNames struct {
	once  sync.Once
	names []string
}

// Names returns the names in folder. It calls list once for each folder; if list fails,
// because the login may not list, the folder has no names.
func (c *NameCache) Names(folder string, list func() ([]string, error)) []string {
	c.mu.Lock()
	if c.folders == nil {
		c.folders = map[string]*folderNames{}
	}
	if c.folders[folder] == nil {
		c.folders[folder] = &folderNames{}
	}
	cached := c.folders[folder]
	c.mu.Unlock()
	cached.once.Do(func() { cached.names, _ = list() })
	return cached.names
}
