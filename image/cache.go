package image

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/sys/atomicwriter"

	"github.com/docker-secrets/docker-secrets/internal/regular"
)

// CacheDir is the folder for what registries said, below ${XDG_CACHE_HOME} or ~/.cache.
// It is "" where the environment, which getenv reads, names neither.
func CacheDir(getenv func(string) string) string {
	base := getenv("XDG_CACHE_HOME")
	if !filepath.IsAbs(base) {
		home := getenv("HOME")
		if !filepath.IsAbs(home) {
			return ""
		}
		base = filepath.Join(home, ".cache")
	}
	return filepath.Join(base, "docker-secrets", "images-1") // the number of the format
}

// cached is what was kept of the manifest with digest. A digest names one content for
// ever, so an entry never gets old.
func (l Lookup) cached(digest string) (said, bool) {
	file := l.cacheFile(digest)
	if file == "" || l.Refresh {
		return said{}, false
	}
	content, err := regular.Read(file)
	if err != nil {
		return said{}, false
	}
	var found said
	if err = json.Unmarshal(content, &found); err != nil || found.OS == "" {
		return said{}, false
	}
	return found, true
}

// keep writes an entry. A cache that cannot be written is none.
func (l Lookup) keep(digest string, found said) {
	file := l.cacheFile(digest)
	if file == "" || found.OS == "" {
		return
	}
	content, err := json.Marshal(found)
	if err != nil {
		return
	}
	if err = os.MkdirAll(l.Cache, 0o700); err == nil {
		_ = atomicwriter.WriteFile(file, content, 0o600)
	}
}

// cacheFile is where the entry of digest is, "" for nowhere.
func (l Lookup) cacheFile(digest string) string {
	algorithm, hex, ok := strings.Cut(digest, ":")
	if l.Cache == "" || !ok || strings.ContainsAny(algorithm+hex, `/\.`) {
		return ""
	}
	return filepath.Join(l.Cache, algorithm+"-"+hex+".json")
}
