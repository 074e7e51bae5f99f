package compose

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// closedConfigs returns copies of the files' configs with all subtrees closed that can be;
// nil if none can.
func (s *sources) closedConfigs() []map[string]any {
	if s.notClosable == nil {
		return nil
	}
	configs := make([]map[string]any, len(s.files))
	for i, file := range s.files {
		if file.decoded.config == nil {
			return nil
		}
		configs[i] = file.decoded.config()
	}
	c := closing{configs: slices.Clone(configs), given: filesWith(configs)}
	for i, config := range configs {
		services := maps.Clone(mapping(config["services"]))
		if services == nil {
			continue
		}
		configs[i] = maps.Clone(config)
		configs[i]["services"] = services
		for name, service := range services {
			if holder := mapping(service); holder != nil && !s.notClosable[name] {
				services[name] = c.service(i, name, holder)
			}
		}
	}
	return configs
}

// filesWith returns for each service and closable key which of configs have it.
func filesWith(configs []map[string]any) map[[2]string][]int {
	given := map[[2]string][]int{}
	for i, config := range configs {
		for name, service := range mapping(config["services"]) {
			for key := range mapping(service) {
				if _, ok := closable[key]; ok {
					given[[2]string{name, key}] = append(given[[2]string{name, key}], i)
				}
			}
		}
	}
	return given
}

// closing closes the subtrees of services in configs.
type closing struct {
	configs []map[string]any
	given   map[[2]string][]int
}

// service returns a copy of holder, the service of this name in file i, with its subtrees
// closed. Of a key whose entries compose-go would merge, the first file gets those of all.
func (c closing) service(i int, name string, holder map[string]any) map[string]any {
	holder = maps.Clone(holder)
	for key, isMerged := range closable {
		value, ok := holder[key]
		files := c.given[[2]string{name, key}]
		switch {
		case !ok || !isClosable(key, value):
		case len(files) == 1:
			holder[key] = closedOver(value)
		case isMerged:
			merged, ok := c.merged(name, key, files)
			switch {
			case !ok:
			case i == files[0]:
				holder[key] = closedOver(merged)
			default:
				delete(holder, key)
			}
		}
	}
	return holder
}

func closedOver(value any) *closedValue { return &closedValue{value: func() any { return value }} }

// merged returns the entries that files give key of a service, as compose-go's merge lists
// them before it leaves one of each name. ok is false if one of them cannot be closed.
func (c closing) merged(service, key string, files []int) (entries []any, ok bool) {
	for _, i := range files {
		value := mapping(mapping(c.configs[i]["services"])[service])[key]
		if !isClosable(key, value) {
			return nil, false
		}
		list, ok := asList(value)
		if !ok {
			return nil, false
		}
		entries = append(entries, list...)
	}
	return entries, true
}

// asList returns a mapping as the list that means the same. ok is false if a name has a
// "$": in a list it would be interpolated.
func asList(value any) (list []any, ok bool) {
	entries, isMapping := value.(map[string]any)
	if !isMapping {
		list, ok = value.([]any)
		return list, ok
	}
	var texts []string
	for name, entry := range entries {
		switch {
		case strings.Contains(name, "$"):
			return nil, false
		case entry == nil:
			texts = append(texts, name)
		default:
			texts = append(texts, fmt.Sprintf("%s=%v", name, entry))
		}
	}
	slices.Sort(texts)
	for _, text := range texts {
		list = append(list, text)
	}
	return list, true
}

// isClosable reports whether the schema has nothing against value, whatever is interpolated.
func isClosable(key string, value any) bool {
	switch v := value.(type) {
	case string:
		return !closable[key]
	case map[string]any:
		for name, entry := range v {
			if name == "" || !isScalar(entry) {
				return false
			}
		}
		return closable[key]
	case []any:
		seen := map[string]bool{}
		for _, item := range v {
			text, ok := item.(string)
			if !ok || closable[key] && (seen[text] || text == "") {
				return false
			}
			seen[text] = true
		}
		return true
	}
	return false
}

// isScalar reports whether value is what the schema accepts of a variable.
func isScalar(value any) bool {
	switch v := value.(type) {
	case nil, string, bool, int, int64, uint64:
		return true
	case float64:
		return !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return false
}

// notClosable returns the services that are made of several: those that extend another or
// are extended, and those of included files.
func (t *tree) notClosable() map[string]bool {
	found := map[string]bool{}
	for _, b := range t.all() {
		own := slices.Contains(t.branches, b)
		for _, doc := range b.docs() {
			for _, name := range t.keys(t.descend(b, doc, []string{"services"})) {
				extends := t.descend(b, doc, []string{"services", name, "extends"})
				if !own || extends.found() || t.descend(b, doc, []string{"services", name, "pre_start"}).found() {
					found[name] = true
				}
				if extends.found() {
					found[cmp.Or(t.child(b, extends.node, "service").text(), extends.text())] = true
				}
			}
		}
	}
	return found
}
