package images

import (
	"strconv"
	"strings"
)

// reference is an image's name as Docker understands it.
type reference struct {
	registry string   // "docker.io" when the name has none
	path     []string // "library" is dropped on docker.io
	tag      string   // "" for none
	version  []int    // the numbers that the tag begins with; nil for the newest
	pinned   bool     // it has a digest
}

// parseImage parses the value of image: in a compose file. Text that is not a reference
// returns a name that matches nothing.
func parseImage(image string) reference {
	name, _, pinned := strings.Cut(image, "@")
	tag := ""
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, tag = name[:i], name[i+1:]
	}
	ref := reference{registry: "docker.io", path: strings.Split(name, "/"), tag: tag, version: parseVersion(tag), pinned: pinned}
	if first := ref.path[0]; len(ref.path) > 1 && (strings.ContainsAny(first, ".:") || first == "localhost") {
		ref.registry, ref.path = first, ref.path[1:]
	}
	if ref.registry == "index.docker.io" || ref.registry == "registry-1.docker.io" {
		ref.registry = "docker.io"
	}
	if ref.registry == "docker.io" && len(ref.path) == 2 && ref.path[0] == "library" {
		ref.path = ref.path[1:]
	}
	return ref
}

// parseVersion reads the numbers at the start of a tag: 16-alpine, v2.1.3.
func parseVersion(tag string) []int {
	var version []int
	rest := strings.TrimPrefix(tag, "v")
	for {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		n, err := strconv.Atoi(rest[:digits])
		if err != nil {
			return version
		}
		version = append(version, n)
		if rest = rest[digits:]; !strings.HasPrefix(rest, ".") {
			return version
		}
		rest = rest[1:]
	}
}

// atLeast reports whether v is limit or newer. A number that v leaves out is the newest
// there is: the tag 3 means 3.13 today.
func atLeast(v, limit []int) bool {
	for i, n := range limit {
		if i >= len(v) || v[i] > n {
			return true
		}
		if v[i] < n {
			return false
		}
	}
	return true
}

// ownNamespaces are public registries whose folders belong to many owners, so
// that REGISTRY/somebody/postgres is somebody's, no copy of the official image.
// Any other registry is taken for a mirror.
//
//nolint:gochecknoglobals // a table, never written
var ownNamespaces = WordSet(`docker.io ghcr.io quay.io lscr.io gcr.io cgr.dev mcr.microsoft.com public.ecr.aws nvcr.io
	registry.gitlab.com codeberg.org docker.elastic.co registry.redhat.io registry.access.redhat.com docker.n8n.io
	container-registry.oracle.com docker.gitea.com docker.getoutline.com docker.dragonflydb.io`)

// matches reports whether pattern, an image's name without tag in which the last part may
// hold '*', means ref: in full, or by the end of its path when ref is on a mirror.
func (ref reference) matches(pattern reference) bool {
	switch {
	case ref.registry == pattern.registry && len(ref.path) == len(pattern.path):
		return samePath(ref.path, pattern.path)
	case !ownNamespaces[ref.registry]:
		n := len(ref.path) - len(pattern.path)
		return n >= 0 && samePath(ref.path[n:], pattern.path)
	case pattern.registry == "docker.io" && len(pattern.path) == 1: // public.ecr.aws/docker/library/postgres
		n := len(ref.path)
		return n >= 2 && ref.path[n-2] == "library" && samePath(ref.path[n-1:], pattern.path)
	}
	return false
}

func samePath(path, pattern []string) bool {
	for i := range pattern {
		if path[i] != pattern[i] && !GlobMatch(pattern[i], path[i]) {
			return false
		}
	}
	return true
}
