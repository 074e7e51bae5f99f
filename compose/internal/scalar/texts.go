package scalar

import (
	"fmt"
	"maps"
	"slices"
)

// Texts visits every text below model with its path, keys sorted.
func Texts(model map[string]any, visit func(path, text string)) { texts("", model, visit) }

func texts(path string, value any, visit func(path, text string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below := key
			if path != "" {
				below = path + "." + key
			}
			texts(below, v[key], visit)
		}
	case []any:
		for i, item := range v {
			texts(fmt.Sprintf("%s[%d]", path, i), item, visit)
		}
	}
}
