package plugin

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// deliveries reads what --deliver says: KIND, or SERVICE=KIND.
func deliveries(texts []string) (map[string]transform.DeliveryKind, string) {
	all := map[string]transform.DeliveryKind{}
	for _, text := range texts {
		service, kind, found := strings.Cut(text, "=")
		if !found {
			service, kind = "", text
		}
		if !slices.Contains(transform.Deliveries(), transform.DeliveryKind(kind)) {
			return nil, "--deliver " + text + ": write " + kinds() + ", or SERVICE= before one of them"
		}
		all[service] = transform.DeliveryKind(kind)
	}
	return all, ""
}

// kinds lists the deliveries for people: native, file or env.
func kinds() string {
	var names []string
	for _, kind := range transform.Deliveries() {
		names = append(names, string(kind))
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
