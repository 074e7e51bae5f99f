package compose

import (
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
)

// recallCopies fills in what an earlier stack file tells of copies of values that are not
// here. Where every value is, they are found by themselves.
func (a *Application) recallCopies(model map[string]any) {
	if a.recalled == nil || a.recalled.HasSecret == nil || !a.lacksValues(model) {
		return
	}
	a.lacking = true
	for i, v := range a.Input.Variables {
		a.Input.Variables[i].WasSecret = a.recalled.HasSecret(v.Service, v.Name)
	}
	a.Input.Copies = a.recalled.Copies(a.withContents(model), a.Taken())
}

// withContents is model with the contents of the files of its configs.
func (a *Application) withContents(model map[string]any) map[string]any {
	configs := maps.Clone(mapping(model["configs"]))
	for name, value := range configs {
		path, isFile := mapping(value)["file"].(string)
		if content, err := regular.Read(inFolder(a.src.dir, path)); isFile && err == nil {
			configs[name] = map[string]any{"content": string(content)}
		}
	}
	model = maps.Clone(model)
	model["configs"] = configs
	return model
}

// lacksValues tells whether the value of a secret is not here: of a variable, or of one
// of the application's own.
func (a *Application) lacksValues(model map[string]any) bool {
	if slices.ContainsFunc(a.Taken(), secret.NewSet(a.Input.Held).Has) {
		return true
	}
	secrets := mapping(model["secrets"])
	return slices.ContainsFunc(slices.Collect(maps.Keys(secrets)), func(name string) bool {
		path, isFile := mapping(secrets[name])["file"].(string)
		if !isFile {
			return false
		}
		_, err := regular.Read(inFolder(a.src.dir, path))
		return err != nil
	})
}

// wasConfig tells whether an earlier stack file has a secret in the place of the config
// called name, whose content is at from, and values to compare with are not here.
func (a *Application) wasConfig(name string, from secret.Reference) bool {
	return a.lacking && a.recalled.MadeOfConfig(name, from)
}
