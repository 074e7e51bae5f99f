package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// templates decides which of the secrets in use become templates. One needs its
// parts in every service that reads it, under the same file names.
func (r *rewriter) templates() {
	for _, name := range slices.Sorted(maps.Keys(r.options.Templates)) {
		users := slices.Sorted(slices.Values(r.used[name]))
		targets, ok := r.mount(users, seal.Names(r.options.Templates[name]))
		if len(users) > 0 && ok {
			r.template[name] = templateText(r.options.Templates[name], targets)
		}
	}
}

// templateText is text as the Engine's "golang" driver reads it: targets are the
// file names of the secrets whose seals stand in it.
func templateText(text string, targets map[string]string) string {
	text = strings.ReplaceAll(text, "{{", `{{"{{"}}`)
	return seal.Replace(text, func(name string) string { return fmt.Sprintf("{{ secret %q }}", targets[name]) })
}
