package stackfile

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/transform"
)

// CarryOver copies into stack what people may have edited in the existing stack file: the
// pin (name:) of every secret and config that is still declared, and an x-from: that was
// changed since it was written. old is that file's content. If docker secrets did not
// write it, or it is nil, nothing changes.
func CarryOver(stack map[string]any, old []byte) {
	state, edited := Inspect(old)
	if state != Ours && state != Edited {
		return
	}
	docs, err := document.Parse("", old)
	if err != nil || len(docs) == 0 {
		return
	}
	for _, kind := range []string{"secrets", "configs"} {
		block := entryMap(stack[kind])
		document.Each(document.Entry(docs[0], kind), func(key, value *yaml.Node) {
			if entry := entryMap(block[key.Value]); entry != nil {
				carry(entry, value, edited)
			}
		})
	}
}

func carry(entry map[string]any, old *yaml.Node, edited bool) {
	prefixed, _ := entry["name"].(string)
	if transform.IsShim(prefixed) {
		return // its name says its content
	}
	if pin := text(document.Entry(old, "name")); strings.HasPrefix(pin, prefixed) && pin != "" {
		entry["name"] = pin
	}
	from := document.Entry(old, "x-from")
	if !edited || from == nil || entry["x-from"] == nil {
		return
	}
	if list := document.Sequence(from); list != nil {
		all := make([]any, len(list))
		for i, item := range list {
			all[i] = text(item)
		}
		entry["x-from"] = all
		return
	}
	entry["x-from"] = text(from)
}
