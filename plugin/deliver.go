package plugin

import (
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// deliveries reads what --deliver says: KIND, or SERVICE=KIND.
func deliveries(texts []string) (map[string]transform.Delivery, string) {
	all := map[string]transform.Delivery{}
	for _, text := range texts {
		service, kind, found := strings.Cut(text, "=")
		if !found {
			service, kind = "", text
		}
		switch d := transform.Delivery(kind); d {
		case transform.DeliverNative, transform.DeliverFile, transform.DeliverEnv:
			all[service] = d
		default:
			return nil, "--deliver " + text + ": write native, file or env, or SERVICE= before one of them"
		}
	}
	return all, ""
}
