package lower

import (
	"maps"
	"slices"
)

// checkReferences reports references to what is not declared. Compose does so too; docker
// stack deploy does it only after it has made the networks.
func (l *lowering) checkReferences() {
	for _, svc := range l.sorted() {
		l.checkNetworks(svc)
		for _, m := range svc.mounts {
			if source, _ := m.long["source"].(string); source != "" && m.long["type"] == "volume" {
				l.declared("volumes", m.at, source)
			}
		}
		for _, kind := range []string{"secrets", "configs"} {
			list, _ := svc.out[kind].([]any)
			for _, entry := range list {
				l.declared(kind, svc.at().key(kind), grantSource(entry))
			}
		}
	}
}

func (l *lowering) checkNetworks(svc *service) {
	for _, name := range slices.Sorted(maps.Keys(svc.networks)) {
		if name != defaultNetwork {
			l.declared("networks", svc.at().key("networks"), name)
		}
	}
}

func (l *lowering) declared(kind string, at place, name string) {
	objects, _ := l.stack[kind].(map[string]any)
	if _, ok := objects[name]; !ok {
		l.refuse(at, name+" is not declared under "+kind)
	}
}
