package plugin

import (
	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/image/built"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// knowBases tells the variables of app which image their service is built on, so that
// what is known of that image's variables holds for them: that POSTGRES_PASSWORD is a
// credential, for one.
func knowBases(app *compose.Application) {
	bases := map[string]string{}
	var reader built.Reader
	for _, build := range app.OwnBuilds() {
		bases[build.Service] = reader.Read(sourceOf(app, build), false).Base()
	}
	for i, v := range app.Input.Variables {
		app.Input.Variables[i].Base = bases[v.Service]
	}
}

// recordBases writes into stack which databases are built here: deploy asks before it
// changes the password that such an image put into its data. A config that was looked up
// has the line before.
func (b builds) recordBases(stack map[string]any, delivered []transform.Delivered) {
	lines, _ := stack[image.RecordKey].(map[string]any)
	services, _ := stack["services"].(map[string]any)
	for _, d := range delivered {
		base := b.found[d.Service].NativeBase()
		if _, keeps := images.Initialises(base, d.Variable); !keeps {
			continue
		}
		spec, _ := services[nameInStack(stack, d.Service)].(map[string]any)
		name, _ := spec["image"].(string)
		_, taken := lines[name]
		if _, itself := images.Initialises(name, d.Variable); name == "" || taken || itself {
			continue
		}
		if lines == nil {
			lines = map[string]any{}
		}
		lines[name] = image.FromLine(base)
	}
	if len(lines) > 0 {
		stack[image.RecordKey] = lines
	}
}
