package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// tree is the source as people wrote it: one branch a file, in the order of
// merging. It finds the lines of what compose-go has merged. Nodes hold the text of
// the files, so they are in closures, where no dump of a tree finds them.
type tree struct {
	branches []*branch
	bases    map[string]*branch // files that extends names, by absolute path; nil for one that cannot be read
	index    func(node *yaml.Node) keyedValues
	show     func(string) string
	shown    func(error, ...string) error
	confine  func(path, shown string) error
	faults   []error // of files in bases, but for those that do not exist
	used     budget
}

// branch is one file with what it includes.
type branch struct {
	path     string // absolute, "-" for stdin
	dir      string // what relative paths in it are relative to
	docs     func() []*yaml.Node
	env      *Environment
	gaps     []bool   // by line, from 1: an empty line is above it and its comments
	envFiles []string // of an include, absolute; none: the project's
	includes []*branch
}

// closed returns docs in a closure.
func closed(docs []*yaml.Node) func() []*yaml.Node { return func() []*yaml.Node { return docs } }

// location is a node and where it was written. The zero location is nowhere.
type location struct {
	branch *branch
	key    *yaml.Node // of a mapping's entry, else nil
	node   *yaml.Node
	path   []string // in its own file
}

func (p location) found() bool { return p.node != nil }

// keyedValues is the index of a mapping or of a list of KEY=VALUE: its keys in
// order, and where each is written.
type keyedValues struct {
	keys   []string
	values map[string]keyed
}

// keyed is a value and its key, which is nil in a list.
type keyed struct{ key, node *yaml.Node }

// newTree parses the files of s and those that they include. Its errors name file
// and line, and quote nothing else.
func newTree(s *sources) (*tree, error) {
	t := &tree{bases: map[string]*branch{}, index: newIndex(), show: s.show, shown: s.shown, confine: s.confine}
	var faults []error
	for _, file := range s.files {
		b, err := t.grow(file.Filename, file.Content(), s.dir, s.env, nil, nil)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		t.branches = append(t.branches, b)
	}
	t.readBases()
	return t, errors.Join(append(faults, t.faults...)...)
}

// open reads the file at path, which b names. The error shows the path as b has it, and
// wraps fs.ErrNotExist for a file that is not there.
func (t *tree) open(path string, b *branch) ([]byte, error) {
	if err := t.confineAll([]string{path}, b); err != nil {
		return nil, err
	}
	content, err := regular.Read(path)
	if err == nil {
		return content, nil
	}
	shown := document.FileError(t.writtenPath(path, b), err)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missingError{shown}
	}
	return nil, shown
}

// missingError says that a file does not exist.
type missingError struct{ error }

// Is tells whether target is fs.ErrNotExist.
func (missingError) Is(target error) bool { return target == fs.ErrNotExist }

func (t *tree) grow(path string, content []byte, dir string, env *Environment, envFiles, above []string) (*branch, error) {
	docs, err := t.parse(path, content)
	if err != nil {
		return nil, err
	}
	b := &branch{path: path, dir: dir, docs: closed(docs), gaps: gapsOf(content), env: env, envFiles: envFiles}
	if err := t.countPorts(b); err != nil {
		return nil, err
	}
	for _, doc := range docs {
		for _, entry := range document.Sequence(t.child(b, doc, "include").node) {
			included, err := t.include(b, entry, append(above, path))
			if err != nil {
				return nil, err
			}
			b.includes = append(b.includes, included...)
		}
	}
	return b, nil
}

// include parses what one entry of b's include list names, and finds it as
// compose-go's ApplyInclude does. Remote resources are skipped.
func (t *tree) include(b *branch, entry *yaml.Node, above []string) ([]*branch, error) {
	paths, envFiles, dir := t.includeEntry(b, entry)
	where := fmt.Sprintf("%s:%d: include", t.show(b.path), entry.Line)
	var found []*branch
	for i, path := range paths {
		path = inFolder(b.dir, path)
		if err := t.enter(path, above, where); err != nil {
			return nil, err
		}
		content, err := t.open(path, b)
		if err != nil && isRemote(paths[i]) {
			continue
		}
		if i == 0 && err == nil {
			dir, envFiles = includeFolder(b, path, dir, envFiles)
			err = t.confineAll(envFiles, b)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
		env, err := b.env.With(envFiles)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", where, t.shown(err, envFiles...))
		}
		included, err := t.grow(path, content, dir, env, envFiles, above)
		if err != nil {
			return nil, err
		}
		found = append(found, included)
	}
	return found, nil
}

// enter refuses the file path if it is one of those above, or one too many.
func (t *tree) enter(path string, above []string, where string) error {
	if slices.Contains(above, path) {
		return fmt.Errorf("%s: circular reference; remove one of them", where)
	}
	return t.countFile(where)
}

// confineAll refuses the first of paths that must not be read.
func (t *tree) confineAll(paths []string, b *branch) error {
	for _, path := range paths {
		if t.confine(path, path) != nil {
			return t.confine(path, t.writtenPath(path, b))
		}
	}
	return nil
}

// includeFolder returns what relative paths of an included file are relative to,
// and its env files: by default its own folder, and the .env there.
func includeFolder(b *branch, path, dir string, envFiles []string) (string, []string) {
	if dir = inFolder(b.dir, dir); dir == b.dir {
		dir = filepath.Dir(path)
	}
	if implied := filepath.Join(dir, ".env"); len(envFiles) == 0 && isFile(implied) {
		envFiles = []string{implied}
	}
	return dir, envFiles
}

func isRemote(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "git@")
}

func (t *tree) includeEntry(b *branch, entry *yaml.Node) (paths, envFiles []string, dir string) {
	if entry.Kind == yaml.ScalarNode {
		return t.texts(b, entry), nil, ""
	}
	paths = t.texts(b, t.child(b, entry, "path").node)
	for _, file := range t.texts(b, t.child(b, entry, "env_file").node) {
		if file != "/dev/null" {
			envFiles = append(envFiles, inFolder(b.dir, file))
		}
	}
	if folders := t.texts(b, t.child(b, entry, "project_directory").node); len(folders) > 0 {
		dir = folders[0]
	}
	return paths, envFiles, dir
}

// texts returns the interpolated texts of a scalar or of a list of scalars.
func (t *tree) texts(b *branch, node *yaml.Node) []string {
	nodes := document.Sequence(node)
	if node != nil && node.Kind == yaml.ScalarNode {
		nodes = []*yaml.Node{node}
	}
	var all []string
	for _, n := range nodes {
		parts, err := expression.Parse(n.Value)
		if err != nil {
			continue // the load reports it, with its path
		}
		if text, err := expression.Expand(parts, b.env.Lookup, nil); err == nil {
			all = append(all, text)
		}
	}
	return all
}

func inFolder(folder, path string) string {
	if filepath.IsAbs(path) || path == "-" {
		return path
	}
	return filepath.Join(folder, path)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}
