package plugin

import (
	"os"
	"path/filepath"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
)

// referenceTexts returns refs as people write them, in the same order.
func referenceTexts(refs []secret.Reference) []string {
	texts := make([]string, len(refs))
	for i, ref := range refs {
		texts[i] = ref.String()
	}
	return texts
}

// localTo returns where references to this machine are looked up: paths relative to the
// stack file, as in x-from, or to workingDir if file is the zero Stack.
func localTo(file stackfile.Stack, workingDir string, envFiles []string) (source.Local, error) {
	dir := workingDir
	if len(file.Files) > 0 {
		var err error
		if dir, err = filepath.Abs(filepath.Dir(file.Files[0])); err != nil {
			return source.Local{}, err
		}
	}
	local := source.Local{Dir: dir, Environ: os.Environ(), NeedSet: true} //nolint:forbidigo // where values may come from
	for _, path := range envFiles {
		if !filepath.IsAbs(path) {
			path = filepath.Join(workingDir, path)
		}
		local.EnvFiles = append(local.EnvFiles, path)
	}
	return local, nil
}
