package compose

import (
	"path/filepath"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
)

// RebaseReferences changes the paths of sops:// references in decisions, which people
// write relative to the project directory, to paths relative to the stack file.
func (a *Application) RebaseReferences(decisions *transform.Decisions) {
	for i := range decisions.Variables {
		decisions.Variables[i].Origin = a.rebased(decisions.Variables[i].Origin)
	}
	for _, declared := range decisions.Secrets {
		for i, ref := range declared.From {
			declared.From[i] = a.rebased(ref)
		}
	}
}

func (a *Application) rebased(ref secret.Reference) secret.Reference {
	if path := filepath.FromSlash(ref.Path); ref.Scheme == "sops" && a.src.dir != a.src.out && !filepath.IsAbs(path) {
		ref.Path = a.src.fromOut(inFolder(a.src.dir, path))
	}
	return ref
}
