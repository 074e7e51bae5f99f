package buildcontext

import (
	"io/fs"
	"path"
	"strings"
)

// LetIn returns which of names, relative to the context, the builder gets: those that
// the ignore file does not keep out. file is the ignore file that decides, ".dockerignore"
// where there is none. dockerfile is that of Search.
func LetIn(context fs.FS, dockerfile string, names []string) (in []string, file string, err error) {
	ignored, err := readIgnored(context, dockerfile)
	file = ".dockerignore"
	if ignored != nil {
		file = ignored.name
	}
	if err != nil {
		return nil, file, err
	}
	for _, name := range names {
		out, err := ignored.matches(name)
		if err != nil {
			return nil, file, err
		}
		if !out {
			in = append(in, name)
		}
	}
	return in, file, nil
}

// maxDepth is how deep folders are looked into for files with secrets.
const maxDepth = 3

// Sensitive returns the files of the context that hold secrets by their names: env files
// and private keys. Examples are none. Folders of other people's code are passed over.
func Sensitive(context fs.FS) []string {
	var found []string
	left := usual.entries
	_ = fs.WalkDir(context, ".", func(name string, entry fs.DirEntry, err error) error {
		left--
		switch {
		case left < 0:
			return fs.SkipAll
		case err != nil:
			return fs.SkipDir
		case entry.IsDir():
			if name != "." && (foreignFolders[entry.Name()] || entry.Name() == ".git" || strings.Count(name, "/") >= maxDepth) {
				return fs.SkipDir
			}
		case isSensitive(path.Base(name)):
			found = append(found, name)
		}
		return nil
	})
	return found
}

func isSensitive(base string) bool {
	for _, word := range []string{"example", "sample", "template", "dist", "defaults"} {
		if strings.Contains(base, word) {
			return false
		}
	}
	return base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env") || strings.HasSuffix(base, ".pem") || strings.HasSuffix(base, ".key")
}
