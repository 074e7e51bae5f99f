package repository

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
)

// Sought is a value to look for, and the name under which people know it.
type Sought struct {
	Name  string
	Value secret.Value
}

// Leak is a place in the history that holds a secret.
type Leak struct {
	Name   string // of the value; of what is found by shape, that of its variable or its kind
	Commit string // the oldest that has it
	Path   string // there, relative to the folder; "" for the commit's message
	Line   int    // from 1
	Shape  bool   // found by shape
	More   int    // further places where the same is found
}

// History is what the search of a history came to.
type History struct {
	Leaks   []Leak // those of values first, each sorted by name and path
	Commits int
	Blind   string // what of the history was not searched, "" for nothing
}

// Search looks for the values of sought, and for what has the shape of a credential, in
// every version of every file and in every message, of all that branches, tags and
// stashes reach.
func (r *Repository) Search(ctx context.Context, sought []Sought) (History, error) {
	blobs, commits, err := r.origins(ctx)
	if err != nil {
		return History{}, err
	}
	all, err := r.objects(ctx)
	if err != nil {
		return History{}, err
	}
	s := newSearch(r, sought, blobs, commits)
	wanted, large, here := s.choose(all, commits)
	if err = r.read(ctx, wanted, s.look); err != nil {
		return History{}, err
	}
	return History{Leaks: s.leaks(), Commits: len(commits), Blind: r.blind(large, len(blobs)-here)}, nil
}

// blind says what was not searched: large objects, and those that are not here.
func (r *Repository) blind(large, absent int) string {
	switch {
	case r.Shallow:
		return "this is a shallow clone, which lacks the older commits: git fetch --unshallow"
	case absent > 0:
		return fmt.Sprintf("this is a partial clone, which lacks %d versions of files: clone it without --filter", absent)
	case large > 0:
		return fmt.Sprintf("%d versions of files are larger than 8 MiB, and were not searched", large)
	}
	return ""
}

// search collects what one search finds.
type search struct {
	repository *Repository
	names      []string // of the values
	values     matcher
	blobs      map[string][]origin
	commits    map[string]int
	found      map[[2]string]*found // by name, and for shapes by path
}

// found is a leak, and the order of its commit.
type found struct {
	Leak

	order int
}

func newSearch(r *Repository, sought []Sought, blobs map[string][]origin, commits map[string]int) *search {
	s := &search{repository: r, blobs: blobs, commits: commits, found: map[[2]string]*found{}}
	var texts []string
	for _, value := range sought {
		s.names = append(s.names, value.Name)
		texts = append(texts, value.Value.Reveal())
	}
	s.values = newMatcher(texts)
	return s
}

// choose returns the objects of the history that are to be read, how many are too large
// for it, and how many blobs of the history are here.
func (s *search) choose(all []object, commits map[string]int) (wanted []object, large, here int) {
	for _, o := range all {
		_, isBlob := s.blobs[o.id]
		if _, isCommit := commits[o.id]; !isBlob && !isCommit {
			continue
		}
		if isBlob {
			here++
		}
		if o.size > maxBlob {
			large++
			continue
		}
		wanted = append(wanted, o)
	}
	return wanted, large, here
}

// look searches one object.
func (s *search) look(o object, content []byte) {
	text := string(content)
	if o.kind == "commit" {
		s.values.find(text, func(value, at int) {
			s.note(s.names[value], false, origin{commit: o.id, order: s.commits[o.id]}, lineOf(text, at))
		})
		return
	}
	from := s.blobs[o.id]
	known := map[int]bool{} // lines on which a value of the application is
	s.values.find(text, func(value, at int) {
		line := lineOf(text, at)
		known[line] = true
		for _, place := range from {
			s.note(s.names[value], false, place, line)
		}
	})
	if bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0 { // git's own test for a binary file
		return
	}
	shapes(from[0].path, text, func(what string, at int) {
		if line := lineOf(text, at); !known[line] {
			s.note(what, true, from[0], line)
		}
	})
}

func lineOf(text string, at int) int { return 1 + strings.Count(text[:at], "\n") }

// note adds a place. One leak is shown for each value, and for each name or kind in one
// file: the oldest commit's.
func (s *search) note(name string, shape bool, at origin, line int) {
	key := [2]string{name, ""}
	if shape {
		key[1] = at.path
	}
	path := ""
	if at.path != "" {
		path = s.repository.relative(at.path)
	}
	next := found{Leak{Name: name, Commit: at.commit, Path: path, Line: line, Shape: shape}, at.order}
	known := s.found[key]
	switch {
	case known == nil:
		s.found[key] = &next
	case cmp.Or(cmp.Compare(next.order, known.order), cmp.Compare(next.Path, known.Path), cmp.Compare(next.Line, known.Line)) < 0:
		next.More = known.More + 1
		*known = next
	default:
		known.More++
	}
}

func (s *search) leaks() []Leak {
	var all []Leak
	for _, key := range slices.SortedFunc(maps.Keys(s.found), func(a, b [2]string) int {
		return cmp.Or(strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]))
	}) {
		all = append(all, s.found[key].Leak)
	}
	slices.SortStableFunc(all, func(a, b Leak) int {
		switch {
		case a.Shape == b.Shape:
			return 0
		case b.Shape:
			return -1
		}
		return 1
	})
	return all
}
