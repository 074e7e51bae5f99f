package plugin

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/graph"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/swarm"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// addSources draws where the values come from.
func (d *diagram) addSources(file stackfile.Stack) {
	for _, object := range file.Objects {
		if object.Config {
			continue
		}
		s := d.secret(object.Name)
		for _, ref := range object.From {
			if name := sourceName(ref); !slices.Contains(s.Sources, name) {
				s.Sources = append(s.Sources, name)
			}
		}
	}
}

// sourceName is the file, or the folder in a manager, that a reference is in: many
// secrets come from one.
func sourceName(ref secret.Reference) string {
	switch {
	case ref.Scheme == "env":
		if files := ref.Param("file"); len(files) > 0 {
			return files[len(files)-1]
		}
		return ".env or the environment"
	case !ref.IsManaged():
		return ref.Path
	case ref.Fragment != "":
		return ref.Scheme + "://" + ref.Path
	}
	folder, _, found := cutLast(ref.Path, "/")
	if !found {
		return ref.Scheme + "://"
	}
	return ref.Scheme + "://" + folder + "/"
}

func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// addWeak marks the secrets whose values are here and protect nothing. Managers are not
// asked.
func (d *diagram) addWeak(ctx context.Context, file stackfile.Stack) error {
	workingDir, err := os.Getwd()
	if err != nil {
		return err
	}
	local, err := localTo(file, workingDir, nil)
	if err != nil {
		return err
	}
	here := finder{systems: local.Systems(), within: lookupTime}
	var lookups []lookup
	for _, object := range file.Objects {
		if !object.Config && object.Text == nil {
			lookups = append(lookups, lookup{name: object.Name, from: slices.DeleteFunc(slices.Clone(object.From), secret.Reference.IsManaged)})
		}
	}
	answers, _ := here.all(ctx, lookups) // a value that cannot be read is not weak
	for i, answer := range answers {
		if answer.Err == nil && verdict.Weak(answer.Value) {
			s := d.secret(lookups[i].name)
			s.Marks = append(s.Marks, graph.Weak)
		}
	}
	return nil
}

// addSwarm draws what the Swarm says of the stack.
func (d *diagram) addSwarm(ctx context.Context, dockerCLI command.Cli, options graphOptions) error {
	state, err := swarm.Observe(ctx, dockerCLI.Client(), options.stack)
	if err != nil {
		return err
	}
	if err := mustBeThere(state); err != nil {
		return err
	}
	for _, grant := range state.Grants() {
		d.service(grant.Service)
		s := d.secret(grant.Secret)
		s.Services = append(s.Services, grant.Service)
		if !grant.Task {
			s.Object = grant.Object
		}
	}
	for _, name := range state.SecretNames() {
		d.addVersions(state, name, options)
	}
	return nil
}

// addVersions marks the secret called name as the version in use is.
func (d *diagram) addVersions(state swarm.State, name string, options graphOptions) {
	object, runs := inUse(state, name)
	s := d.secret(name)
	if !runs {
		return
	}
	if source := object.Source.Reference; source != "" && len(s.Sources) == 0 {
		if ref, err := secret.ParseReference(source); err == nil {
			s.Sources = append(s.Sources, sourceName(ref))
		}
	}
	if time.Since(object.CreatedAt) > options.age {
		s.Marks = append(s.Marks, graph.Old)
	}
	if len(state.OtherUsers(object)) > 0 {
		s.Marks = append(s.Marks, graph.Shared)
	}
}
