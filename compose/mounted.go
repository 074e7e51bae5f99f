package compose

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// Mounted returns a warning for each env file that a service of model mounts and that
// holds a secret of sealing: the application may read it there. Of a folder those files
// count that the application names and those that are called like an env file. model
// comes from Seal.
func (a *Application) Mounted(model map[string]any, sealing classify.Sealing) []transform.Warning {
	var all []transform.Warning
	services := mapping(model["services"])
	for _, name := range slices.Sorted(maps.Keys(services)) {
		volumes, _ := mapping(services[name])["volumes"].([]any)
		for i, volume := range volumes {
			mount := mapping(volume)
			source := asText(mount["source"])
			if mount["type"] != "bind" || source == "" || strings.HasPrefix(source, "~") {
				continue
			}
			source = inFolder(a.src.out, source)
			for _, file := range a.mountedEnvFiles(source, services) {
				keys := a.movedKeys(file, sealing)
				if len(keys) == 0 {
					continue
				}
				rel, _ := filepath.Rel(source, file)
				target := path.Join(asText(mount["target"]), filepath.ToSlash(rel))
				all = append(all, transform.Warning{
					Code: "mounted-secret", Service: name, Path: fmt.Sprintf("services.%s.volumes[%d]", name, i),
					Message: fmt.Sprintf("%s still holds %s in plaintext, and the application may read it at %s instead of from its secret; mount a file without it", a.src.show(file), strings.Join(keys, ", "), target),
				})
			}
		}
	}
	return all
}

// mountedEnvFiles are the files at source, or below it if it is a folder, that may be env
// files; sorted.
func (a *Application) mountedEnvFiles(source string, services map[string]any) []string {
	info, err := os.Stat(source)
	switch {
	case err != nil:
		return nil
	case info.Mode().IsRegular():
		return []string{source}
	case !info.IsDir():
		return nil
	}
	found := map[string]bool{}
	for _, file := range a.namedEnvFiles(services) {
		if rel, err := filepath.Rel(source, file); err == nil && filepath.IsLocal(rel) && isFile(file) {
			found[file] = true
		}
	}
	entries, _ := os.ReadDir(source) // a folder that cannot be read shows nothing
	for _, entry := range entries {
		name := entry.Name()
		isEnvFile := name == ".env" || strings.HasPrefix(name, ".env.") || strings.HasSuffix(name, ".env")
		if isEnvFile && entry.Type().IsRegular() {
			found[filepath.Join(source, name)] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// namedEnvFiles are the env files that the application is made from, absolute.
func (a *Application) namedEnvFiles(services map[string]any) []string {
	files := slices.Clone(a.src.envFiles)
	for _, b := range a.tree.all() {
		files = append(files, b.envFiles...)
	}
	for _, v := range a.Input.Variables {
		if _, active := services[v.Service]; active && v.From.Scheme == "dotenv" {
			files = append(files, inFolder(a.src.out, filepath.FromSlash(v.From.Path)))
		}
	}
	return files
}

// maxEnvFile is how large an env file may be, in bytes.
const maxEnvFile = 1 << 20

// movedKeys are the keys of an env file that give what moved, sorted. A file that is none
// has no keys.
func (a *Application) movedKeys(file string, sealing classify.Sealing) []string {
	if info, err := os.Stat(file); err != nil || info.Size() > maxEnvFile || a.src.confine(file, file) != nil {
		return nil
	}
	values, err := ReadEnvFile(file, "", nil, a.src.env.Lookup)
	if err != nil {
		return nil
	}
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if a.moved(key, values[key], sealing) {
			keys = append(keys, key)
		}
	}
	return keys
}

// moved tells whether key is a variable, of a service or interpolated, whose value is
// this and became a secret.
func (a *Application) moved(key string, value secret.Value, sealing classify.Sealing) bool {
	return !value.Empty() && (sealing.Of(key, value) != "" || slices.ContainsFunc(a.Input.Variables, func(v classify.Variable) bool {
		return v.Name == key && v.Value.Equal(value) && sealing.At(v.Service, key) != ""
	}))
}
