package source

import (
	"os"
	"path/filepath"

	"github.com/docker-secrets/docker-secrets/secret"
)

// files returns the paths that ref itself names on this machine, as they are written. The
// implied .env is one of them; the files of EnvFiles are not, which a person gave.
func (l Local) files(ref secret.Reference) []string {
	var paths []string
	switch ref.Scheme {
	case "file", "dotenv", "compose", secret.SchemeSOPS:
		paths = append(paths, ref.Path)
	case "env":
	default:
		return nil
	}
	for _, key := range []string{"file", "with", "folder"} {
		paths = append(paths, ref.Param(key)...)
	}
	if isVariable(ref) && len(ref.Param("file")) == 0 && l.EnvFiles == nil && exists(l.path(".env")) {
		paths = append(paths, ".env")
	}
	return paths
}

// outside reports whether path is not in the folder dir, also through symbolic links. A
// path that does not exist is where its nearest parent is.
func outside(dir, path string) bool {
	rel, err := filepath.Rel(realPath(dir), realPath(path))
	return err != nil || !filepath.IsLocal(rel)
}

// realPath returns path without symbolic links, as far as it exists.
func realPath(path string) string {
	path = filepath.Clean(path)
	if found, err := filepath.EvalSymlinks(path); err == nil {
		return found
	}
	if target, err := os.Readlink(path); err == nil { // to nothing, yet
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		if target != path {
			return filepath.Clean(target)
		}
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(realPath(parent), filepath.Base(path))
}
