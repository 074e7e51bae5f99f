package buildcontext

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// maxFile is how many bytes a file may have; a longer one is no source.
const maxFile = 1 << 20

// bounds end a search: what is beyond them is not looked at.
type bounds struct {
	entries int // files and folders, ignored ones too
	bytes   int // of all files that are read
}

//nolint:gochecknoglobals // a constant
var usual = bounds{entries: 50_000, bytes: 64 << 20}

// Evidence is a place where a source file mentions secrets as files.
type Evidence struct {
	File string // relative to the context, with '/'; "" if there is no such place
	Line int    // from 1
	Word string // what was found
	Cut  bool   // a bound ended the search
}

// Found tells whether there is a place.
func (e Evidence) Found() bool { return e.File != "" }

// Search returns the first place in the order of the files' names, folder by folder.
// dockerfile is the name of the Dockerfile in the context, whose own .dockerignore comes
// before the folder's; "" for Dockerfile. Only what one of the patterns copied matches
// counts, with what is in a folder that one matches; "" is everything. The error is that of an ignore file which
// cannot be understood, or of the context's folder; a file that cannot be read is passed
// over.
func Search(context fs.FS, dockerfile string, copied []string) (Evidence, error) {
	return usual.search(context, dockerfile, copied)
}

func (b bounds) search(context fs.FS, dockerfile string, copied []string) (Evidence, error) {
	ignored, err := readIgnored(context, dockerfile)
	if err != nil {
		return Evidence{}, err
	}
	s := search{context: context, ignored: ignored, copied: copied, left: b}
	err = fs.WalkDir(context, ".", s.visit)
	if errors.Is(err, fs.SkipAll) {
		err = nil
	}
	return s.found, err
}

// search is one walk through a context.
type search struct {
	context fs.FS
	ignored *ignored
	copied  []string
	left    bounds
	found   Evidence
}

func (s *search) visit(name string, entry fs.DirEntry, err error) error {
	if name == "." {
		return err
	}
	if s.left.entries--; s.left.entries < 0 || s.left.bytes < 0 {
		s.found.Cut = true
		return fs.SkipAll
	}
	ignored, badPattern := s.ignored.matches(name)
	switch {
	case badPattern != nil:
		return badPattern
	case err != nil: // a folder that cannot be read
		return fs.SkipDir
	case entry.IsDir():
		if foreignFolders[entry.Name()] || strings.HasPrefix(entry.Name(), ".") || ignored && !s.ignored.exceptions() {
			return fs.SkipDir
		}
		return nil
	case ignored || !entry.Type().IsRegular() || !mayBeSource(name) || !s.isCopied(name):
		return nil
	}
	s.look(name)
	if s.found.Found() {
		return fs.SkipAll
	}
	return nil
}

// isCopied tells whether one of the patterns matches name or a folder above it.
func (s *search) isCopied(name string) bool {
	for at := name; ; at = path.Dir(at) {
		for _, pattern := range s.copied {
			if matched, err := path.Match(pattern, at); pattern == "" || err == nil && matched {
				return true
			}
		}
		if at == "." {
			return false
		}
	}
}

// look reads one file.
func (s *search) look(name string) {
	file, err := s.context.Open(name)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	s.left.bytes -= len(content)
	if err != nil || len(content) > maxFile || isBinary(content) || isDeployment(path.Ext(name), content) {
		return
	}
	if line, word, ok := mention(content); ok {
		s.found.File, s.found.Line, s.found.Word = name, line, word
	}
}
