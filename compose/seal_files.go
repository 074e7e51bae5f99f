package compose

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/transform/seal"
)

// sealResources removes what compose-go filled in from the environment for
// secrets.*.environment and configs.*.environment. Lower needs only the name of the
// variable.
func (s sealer) sealResources(model map[string]any) {
	for _, value := range mapping(model["secrets"]) {
		if resource := mapping(value); resource != nil {
			delete(resource, "x-#value")
		}
	}
	for _, value := range mapping(model["configs"]) {
		if resource := mapping(value); resource["environment"] != nil {
			delete(resource, "content")
		}
	}
}

// sealLabels merges each service's label files into labels, with seals for secrets.
// labels wins.
func (s sealer) sealLabels(model map[string]any) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(mapping(model["services"]))) {
		service := mapping(mapping(model["services"])[name])
		files, ok := service["label_file"]
		if !ok {
			if labels := service["labels"]; labels != nil {
				service["labels"] = s.inForm(labels, environmentEntries(labels), "services", name, "labels")
			}
			continue
		}
		delete(service, "label_file")
		labels := map[string]any{}
		for _, path := range itemsOf(files) {
			file := inFolder(s.app.src.dir, asText(path))
			vars, err := ReadEnvFile(file, "", nil, s.lookup)
			if err != nil {
				faults = append(faults, fmt.Errorf("services.%s.label_file: %w", name, s.app.tree.shownWritten(err, file)))
			}
			for key, value := range vars {
				labels[key] = value.Reveal() // lookup has put seals in
				s.labelFiles[[2]string{name, key}] = s.app.tree.show(file) + lineOfName(file, key)
			}
		}
		maps.Copy(labels, environmentEntries(service["labels"]))
		service["labels"] = s.inForm(service["labels"], labels, "services", name, "labels")
	}
	return errors.Join(faults...)
}

// lineOfName is ":LINE" of the last line in the env file at path that sets name, "" if none
// does.
func lineOfName(path, name string) string {
	content, err := regular.Read(path)
	if err != nil {
		return ""
	}
	where, number := "", 0
	for line := range strings.Lines(string(content)) {
		number++
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "export "))
		if rest, found := strings.CutPrefix(line, name); found && strings.IndexAny(strings.TrimLeft(rest, " \t"), "=:") == 0 {
			where = fmt.Sprintf(":%d", number)
		}
	}
	return where
}

func (s sealer) lookup(name string) (string, bool) {
	value, ok := s.app.src.env.Value(name)
	if sealed := s.sealing.Of(name, value); sealed != "" {
		return seal.Of(sealed), ok
	}
	return s.app.src.env.Lookup(name)
}

// itemsOf returns the items of a list; any other value is the only item.
func itemsOf(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}
