package compose

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
)

func (s *sources) abs(path string) string {
	if path == "-" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.work, path)
}

func (s *sources) absAll(paths []string) []string {
	all := make([]string, len(paths))
	for i, path := range paths {
		all[i] = s.abs(path)
	}
	return all
}

// folderOf returns the folder of the first path that is not stdin.
func (s *sources) folderOf(paths []string) string {
	if i := slices.IndexFunc(paths, func(p string) bool { return p != "-" }); i >= 0 {
		return filepath.Dir(paths[i])
	}
	return s.work
}

// show returns path as people wrote it: relative if it is below the folder that
// they work in.
func (s *sources) show(path string) string {
	if path == "-" {
		return "stdin"
	}
	if rel, err := filepath.Rel(s.work, path); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return path
}

// shown returns err with paths as people wrote them. err must hold no value.
func (s *sources) shown(err error, paths ...string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, path := range paths {
		text = strings.ReplaceAll(text, path, s.show(path))
	}
	return errors.New(text)
}

// fromOut returns path relative to the stack file, with slashes.
func (s *sources) fromOut(path string) string {
	rel, err := filepath.Rel(s.out, path)
	if err != nil || path == "-" {
		return path
	}
	return filepath.ToSlash(rel)
}
