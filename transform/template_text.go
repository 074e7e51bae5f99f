package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// templates decides which of the secrets in use become templates. The parts of a
// template must be in every service that reads it, under the same file names.
func (r *rewriter) templates() {
	for _, name := range slices.Sorted(maps.Keys(r.options.Templates)) {
		users := slices.Sorted(slices.Values(r.used[name]))
		targets, ok := r.mount(users, seal.Names(r.options.Templates[name]))
		if len(users) > 0 && ok {
			r.template[name] = templateText(r.options.Templates[name], targets)
		}
	}
}

// templateText returns text for the Engine's "golang" driver. targets has the file
// name of each secret whose seal is in text.
func templateText(text string, targets map[string]string) string {
	text = strings.ReplaceAll(text, "{{", `{{"{{"}}`)
	return seal.Replace(text, func(name string) string { return fmt.Sprintf("{{ secret %q }}", targets[name]) })
}
