package compose

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// distinct returns model without the services that check would find to be as another one:
// of a thousand services most differ in what no check looks at. Networks, volumes and the
// rest are model's own.
//
// Two services are the same if they have the same keys and texts in all that check reads.
// One that any other names stays, since what refers to it has to find it.
func distinct(model map[string]any) map[string]any {
	services := mapping(model["services"])
	kept := map[string]any{}
	seen := map[string]bool{}
	named := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		checked, known := checkedKeys(mapping(services[name]))
		var b strings.Builder
		if !known || !writeShape(&b, checked) {
			kept[name] = services[name]
			noteTexts(services[name], named)
			continue
		}
		if seen[b.String()] {
			continue
		}
		seen[b.String()] = true
		kept[name] = checked
		noteTexts(checked, named)
	}
	noteTexts(model["jobs"], named)
	for name := range services {
		if _, is := kept[name]; !is && named[name] {
			kept[name], _ = checkedKeys(mapping(services[name]))
		}
	}
	less := maps.Clone(model)
	less["services"] = kept
	return less
}

// checkedKeys returns the keys of service whose values check reads. known is false if the
// schema allows more for the others than check does.
func checkedKeys(service map[string]any) (checked map[string]any, known bool) {
	checked = make(map[string]any, len(service))
	for key, value := range service {
		switch key {
		case "environment", "labels": // see checkModel
			continue
		case "image":
			if text, isText := value.(string); isText && text != "" {
				value = "i" // that there is one is all that is asked
			}
		case "ports":
			if arePorts(value) {
				continue
			}
		case "command", "entrypoint":
			if areTexts(value) {
				continue
			}
		}
		checked[key] = value
	}
	return checked, service != nil
}

// arePorts tells whether value are ports as compose-go makes them of the short form: they
// cannot be misread.
func arePorts(value any) bool {
	list, isList := value.([]any)
	return isList && !slices.ContainsFunc(list, func(item any) bool { return !isParsedPort(mapping(item)) })
}

func isParsedPort(port map[string]any) bool {
	for key, value := range port {
		var as bool
		switch key {
		case "target":
			_, as = value.(uint32)
		case "published", "protocol", "mode":
			_, as = value.(string)
		}
		if !as {
			return false
		}
	}
	return port != nil
}

// areTexts tells whether value is a list of texts.
func areTexts(value any) bool {
	list, isList := value.([]any)
	return isList && !slices.ContainsFunc(list, func(item any) bool { _, isText := item.(string); return !isText })
}

// writeShape writes value so that two are written alike if and only if they are equal. It
// returns false if value holds anything that YAML has not given.
func writeShape(b *strings.Builder, value any) bool {
	switch v := value.(type) {
	case nil, bool, int, int64, uint32, uint64, float64:
		fmt.Fprintf(b, "%T %v;", v, v)
	case string:
		fmt.Fprintf(b, "%q;", v)
	case []any:
		b.WriteByte('[')
		for _, item := range v {
			if !writeShape(b, item) {
				return false
			}
		}
		b.WriteByte(']')
	case map[string]any:
		b.WriteByte('{')
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if fmt.Fprintf(b, "%q:", key); !writeShape(b, v[key]) {
				return false
			}
		}
		b.WriteByte('}')
	default:
		return false
	}
	return true
}

// noteTexts adds to named every key and text of value, and what a colon separates in it: a
// reference to a service is a key or a text, or follows a "service:".
func noteTexts(value any, named map[string]bool) {
	switch v := value.(type) {
	case string:
		for part := range strings.SplitSeq(v, ":") {
			named[part] = true
		}
	case []any:
		for _, item := range v {
			noteTexts(item, named)
		}
	case map[string]any:
		for key, item := range v {
			named[key] = true
			noteTexts(item, named)
		}
	}
}
