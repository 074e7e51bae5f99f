package built

import (
	"io/fs"
	"path"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// Language is the language of what is in the image, by the images that its stages are
// FROM, "" if they do not tell. A compiler's image counts too: what it made was copied.
func (i Image) Language() string {
	for _, from := range i.read.Images {
		if language := images.LanguageOf(from); language != "" && language != images.Shell {
			return language
		}
	}
	return images.LanguageOf(i.read.Base)
}

// requirements are the files in which Python applications name what they need.
//
//nolint:gochecknoglobals // a table, never written
var requirements = []string{"requirements.txt", "requirements/*.txt", "requirements-*.txt", "pyproject.toml", "Pipfile", "setup.cfg", "setup.py"}

// frameworks are the names of packages in them.
//
//nolint:gochecknoglobals // a constant
var frameworks = lazyregexp.New(`(?im)(?:^|["'])\s*(django|fastapi|pydantic-settings)(?:[^\w.-]|$)`)

// Framework is the web framework that the build context at folder names, "Django",
// "FastAPI" or "" for none of them. It looks at the top of the context alone.
func Framework(folder string) string {
	context := regular.FS(folder)
	for _, pattern := range requirements {
		names, _ := fs.Glob(context, path.Clean(pattern)) // the patterns are well formed
		for _, name := range names {
			content, err := fs.ReadFile(context, name)
			if err != nil {
				continue
			}
			if found := frameworks().FindSubmatch(content); found != nil {
				if c := found[1][0]; c == 'd' || c == 'D' {
					return "Django"
				}
				return "FastAPI"
			}
		}
	}
	return ""
}
