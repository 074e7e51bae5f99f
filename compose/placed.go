package compose

import (
	"path/filepath"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// Place makes the files of the sops:// references in decisions, which people mean
// from the project's folder, ones that are meant from the stack file's.
func (a *Application) Place(decisions *transform.Decisions) {
	for i := range decisions.Variables {
		decisions.Variables[i].Origin = a.placed(decisions.Variables[i].Origin)
	}
	for _, declared := range decisions.Secrets {
		for i, ref := range declared.From {
			declared.From[i] = a.placed(ref)
		}
	}
}

func (a *Application) placed(ref secret.Reference) secret.Reference {
	if path := filepath.FromSlash(ref.Path); ref.Scheme == "sops" && a.src.dir != a.src.out && !filepath.IsAbs(path) {
		ref.Path = a.src.fromOut(inFolder(a.src.dir, path))
	}
	return ref
}
