package compose

import (
	"maps"
	"slices"
)

// Names are what people may type on the command line for the application: all its
// services and profiles, those that are not active too. They are sorted.
type Names struct{ Services, Profiles []string }

func namesOf(model map[string]any) Names {
	services := mapping(model["services"])
	profiles := map[string]bool{}
	for _, service := range services {
		list, _ := mapping(service)["profiles"].([]any)
		for _, profile := range list {
			profiles[asText(profile)] = true
		}
	}
	return Names{Services: slices.Sorted(maps.Keys(services)), Profiles: slices.Sorted(maps.Keys(profiles))}
}
