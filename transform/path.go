package transform

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ServiceOf returns the service that a path in the model lies in, "" for none.
func ServiceOf(path string) string {
	rest, ok := strings.CutPrefix(path, "services.")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// EachText visits every text below model with its path, keys sorted.
func EachText(model map[string]any, visit func(path, text string)) { eachText("", model, visit) }

func eachText(path string, value any, visit func(path, text string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			below := key
			if path != "" {
				below = path + "." + key
			}
			eachText(below, v[key], visit)
		}
	case []any:
		for i, item := range v {
			eachText(fmt.Sprintf("%s[%d]", path, i), item, visit)
		}
	}
}
