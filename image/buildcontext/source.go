package buildcontext

import (
	"bytes"
	"path"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
)

// foreignFolders hold what others wrote: that a library can read files does not show
// that this application lets it.
//
//nolint:gochecknoglobals // a table, never written
var foreignFolders = map[string]bool{
	"__pycache__": true, "bower_components": true, "node_modules": true, "site-packages": true, "vendor": true, "venv": true,
}

// documents are the ends of the names of files that tell people something.
//
//nolint:gochecknoglobals // a table, never written
var documents = map[string]bool{
	".adoc": true, ".asciidoc": true, ".csv": true, ".env": true, ".htm": true, ".html": true, ".lock": true, ".log": true,
	".markdown": true, ".md": true, ".mdx": true, ".rst": true, ".sum": true, ".svg": true, ".txt": true,
}

// mayBeSource tells by its name whether a file may be part of the application. A
// Dockerfile is not: RUN --mount=type=secret has its files at the same path.
func mayBeSource(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch {
	case strings.HasPrefix(base, "."), documents[path.Ext(base)]:
		return false
	case strings.HasPrefix(base, "dockerfile"), strings.HasPrefix(base, "containerfile"), strings.HasSuffix(base, "dockerfile"):
		return false
	case strings.HasPrefix(base, "readme"), strings.HasPrefix(base, "changelog"), strings.HasPrefix(base, "license"):
		return false
	}
	return true
}

// isBinary decides as git does.
func isBinary(content []byte) bool {
	return bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0
}

// deployment is a line that only compose files, stack files and manifests have.
//
//nolint:gochecknoglobals // a constant
var deployment = lazyregexp.New(`(?m)^["']?(services|apiVersion)["']?[ \t]*:`)

// isDeployment tells whether a YAML file says how applications are run: it is read by
// others than the application.
func isDeployment(extension string, content []byte) bool {
	switch strings.ToLower(extension) {
	case ".yml", ".yaml":
		return deployment().Match(content)
	}
	return false
}

// mention finds the first of the words that only code which reads files has.
func mention(content []byte) (line int, word string, ok bool) {
	first := len(content)
	for _, w := range []string{"/run/secrets", "USE_DOCKER_SECRETS", "DOCKER_SECRETS"} {
		if i := indexOf(content, w); i >= 0 && i < first {
			first, word = i, w
		}
	}
	if word == "" {
		return 0, "", false
	}
	return 1 + bytes.Count(content[:first], []byte("\n")), word, true
}

// indexOf is the index of the first word, or -1. Below /run/secrets Kubernetes and clouds
// have files of their own, which do not count.
func indexOf(content []byte, word string) int {
	for from := 0; ; {
		i := bytes.Index(content[from:], []byte(word))
		if i < 0 {
			return -1
		}
		end := from + i + len(word)
		if !others().Match(content[end:min(len(content), end+32)]) {
			return from + i
		}
		from = end
	}
}

// others are what follows /run/secrets where no secret of Docker's is meant.
//
//nolint:gochecknoglobals // a constant
var others = lazyregexp.New(`^/(kubernetes\.io|eks\.amazonaws\.com|azure|tokens)\b`)
