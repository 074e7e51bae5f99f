package compose

import (
	"cmp"
	"maps"
	"math"
	"slices"
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
	given := filesWith(configs)
	for i, config := range configs {
		services := maps.Clone(mapping(config["services"]))
		if services == nil {
			continue
		}
		configs[i] = maps.Clone(config)
		configs[i]["services"] = services
		for name, service := range services {
			if holder := mapping(service); holder != nil && !s.notClosable[name] {
				services[name] = closeService(holder, func(key string) bool { return given[[2]string{name, key}] == 1 })
			}
		}
	}
	return configs
}

// filesWith returns for each service and closable key how many of configs have it.
func filesWith(configs []map[string]any) map[[2]string]int {
	given := map[[2]string]int{}
	for _, config := range configs {
		for name, service := range mapping(config["services"]) {
			for key := range mapping(service) {
				if _, ok := closable[key]; ok {
					given[[2]string{name, key}]++
				}
			}
		}
	}
	return given
}

// closeService returns a copy of service with its subtrees closed for which once holds.
func closeService(service map[string]any, once func(key string) bool) map[string]any {
	service = maps.Clone(service)
	for key := range closable {
		if value, ok := service[key]; ok && once(key) && isClosable(key, value) {
			service[key] = &closedValue{value: func() any { return value }}
		}
	}
	return service
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
