package compose

import (
	"path/filepath"
	"strings"
)

// rebase changes the relative paths of model, which start from the project
// directory, to start from the folder of the stack file, where docker stack deploy
// reads them.
func (s *sources) rebase(model map[string]any) {
	if s.dir == s.out {
		return
	}
	for _, value := range mapping(model["services"]) {
		service := mapping(value)
		volumes, _ := service["volumes"].([]any)
		for _, volume := range volumes {
			if mount := mapping(volume); mount["type"] == "bind" {
				s.rebaseKey(mount, "source")
			}
		}
		if spec := mapping(service["credential_spec"]); spec != nil {
			s.rebaseKey(spec, "file")
		}
	}
	for _, kind := range []string{"configs", "secrets"} {
		for _, value := range mapping(model[kind]) {
			if resource := mapping(value); resource != nil {
				s.rebaseKey(resource, "file")
			}
		}
	}
}

func (s *sources) rebaseKey(holder map[string]any, key string) {
	path, ok := holder[key].(string)
	if !ok || path == "" || filepath.IsAbs(path) || strings.HasPrefix(path, "~") {
		return
	}
	moved := s.fromOut(filepath.Join(s.dir, path))
	if !strings.HasPrefix(moved, "../") && !filepath.IsAbs(moved) {
		moved = "./" + moved // without it, a bind mount would be a volume's name
	}
	holder[key] = moved
}
