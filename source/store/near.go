package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// NearTime and NearPages bound the search for names that somebody may have meant:
	// a courtesy is not to make a wrong name slow.
	NearTime  = 5 * time.Second
	NearPages = 5
)

// DidYouMean is ", but has NAME and NAME" for those of names that somebody may have
// meant by name, at most three and the nearest first; "" when there are none.
func DidYouMean(name string, names []string) string {
	near := nearest(name, names)
	if len(near) == 0 {
		return ""
	}
	return ", but has " + strings.Join(near, ", ")
}

// nearest is those of names that differ from name by their case, their
// separators, or about one letter in four; at most three, the nearest first.
func nearest(name string, names []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var all []candidate
	for _, other := range names {
		d := distance(folded(name), folded(other))
		if other != name && d <= max(1, len(name)/4) {
			all = append(all, candidate{other, d})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.name, b.name))
	})
	var near []string
	for _, one := range all[:min(3, len(all))] {
		near = append(near, one.name)
	}
	return near
}

// folded is name in lower case with one kind of separator.
func folded(name string) string {
	return strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(strings.ToLower(name))
}

// distance is how many letters have to be put in, taken out or exchanged to make b
// of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			above := row[j+1]
			exchange := diagonal
			if a[i] != b[j] {
				exchange++
			}
			row[j+1] = min(exchange, above+1, row[j]+1)
			diagonal = above
		}
	}
	return row[len(b)]
}

// Neighbours is names, asked once a folder; none where the token may not list.
type Neighbours struct {
	mu      sync.Mutex
	folders map[string]*folderNames
}

type folderNames struct {
	once  sync.Once
	names []string
}

func (n *Neighbours) In(folder string, ask func() ([]string, error)) []string {
	n.mu.Lock()
	if n.folders == nil {
		n.folders = map[string]*folderNames{}
	}
	if n.folders[folder] == nil {
		n.folders[folder] = &folderNames{}
	}
	one := n.folders[folder]
	n.mu.Unlock()
	one.once.Do(func() { one.names, _ = ask() })
	return one.names
}
