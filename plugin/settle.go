package plugin

import (
	"context"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/prove"
	"github.com/docker-secrets/docker-secrets/compose/recall"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// localSources resolve references to this machine as deploy will, from the folder of
// the stack file, and read each file once. They answer in order.
func localSources(ctx context.Context, folder string, environ []string) func([]secret.Reference) ([]secret.Value, []error) {
	systems := source.Local{Dir: folder, Environ: environ}.Systems()
	return func(refs []secret.Reference) ([]secret.Value, []error) {
		values, errs := make([]secret.Value, len(refs)), make([]error, len(refs))
		for i, result := range source.Resolve(ctx, systems, refs) {
			values[i], errs[i] = result.Value, result.Err
		}
		learn(ctx, values...)
		return values, errs
	}
}

// settle replaces the references that do not give the value of their secret: an env
// file read alone, for example, lacks what the files before it set. In their place
// comes Compose's own evaluation of a variable that moves there.
func settle(app *compose.Application, decisions *transform.Decisions, sealing classify.Sealing, sources prove.Sources, memory *recall.Memory) {
	wrong := unequal(decisions.Secrets, sealing, sources, memory)
	if len(wrong) == 0 {
		return
	}
	whole := map[string][]secret.Reference{}
	for i, d := range decisions.Variables {
		if d.Secret == "" || !wrong[place{d.Secret, d.Origin.String()}] {
			continue
		}
		if ref := app.Reference(d.Service, d.Name); !ref.IsZero() {
			whole[d.Secret] = append(whole[d.Secret], ref)
			decisions.Variables[i].Origin = ref
		}
	}
	for i, declared := range decisions.Secrets {
		from := slices.DeleteFunc(slices.Clone(declared.From), func(ref secret.Reference) bool { return wrong[place{declared.Name, ref.String()}] })
		if from = append(from, whole[declared.Name]...); len(from) > 0 {
			decisions.Secrets[i].From = from
		}
	}
}

// place is one reference of one secret.
type place struct{ secret, reference string }

// unequal are the local references that do not give the value of their secret. A
// text around a reference to a secret manager is deploy's business.
func unequal(secrets []transform.Declared, sealing classify.Sealing, sources prove.Sources, memory *recall.Memory) map[place]bool {
	values := map[string]secret.Value{}
	for _, sealed := range sealing.Values() {
		if !memory.Absent(sealed.Value.Reveal()) {
			values[sealed.Secret] = sealed.Value
		}
	}
	var places []place
	var refs []secret.Reference
	for _, declared := range secrets {
		if _, known := values[declared.Name]; !known {
			continue // not set here
		}
		for _, ref := range declared.From {
			if !ref.IsManaged() {
				places, refs = append(places, place{declared.Name, ref.String()}), append(refs, ref)
			}
		}
	}
	wrong := map[place]bool{}
	given, faults := sources(refs)
	for i, at := range places {
		if faults[i] != nil || !given[i].Equal(values[at.secret]) {
			wrong[at] = true
		}
	}
	return wrong
}
