package plugin

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/image"
	"github.com/docker-secrets/docker-secrets/image/built"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// builds is what is known of images that are built from source.
type builds struct {
	folders map[string]string      // service → the folder of the build context
	names   map[string]string      // service → the image that Compose makes of it
	found   map[string]built.Image // service → what its source says; also for services that only run an image which another one builds
}

// readBuilds reads the Dockerfiles of app, and looks into the build contexts of the
// services whose secrets move.
func readBuilds(app *compose.Application, sealed *compose.SealedApplication, decisions transform.Decisions) builds {
	b := builds{folders: map[string]string{}, names: map[string]string{}, found: map[string]built.Image{}}
	moves := map[string]bool{}
	for _, d := range decisions.Variables {
		moves[d.Service] = moves[d.Service] || d.Secret != ""
	}
	users := usersOfImages(sealed.Model)
	var reader built.Reader
	for _, build := range app.Builds(sealed.Model) {
		name := build.Image
		if name == "" {
			name = strings.ToLower(sealed.Name + "-" + build.Service) // as Compose names what it builds
		}
		b.names[build.Service] = name
		services := append([]string{build.Service}, users[image.Name(name)]...)
		found := reader.Read(sourceOf(app, build), slices.ContainsFunc(services, func(s string) bool { return moves[s] }))
		for _, service := range services {
			if _, own := b.found[service]; !own || service == build.Service {
				b.found[service], b.folders[service] = found, build.Context
			}
		}
	}
	return b
}

// usersOfImages are the services of model that are not built, by the images that they
// run. Each list is sorted.
func usersOfImages(model map[string]any) map[string][]string {
	users := map[string][]string{}
	services, _ := model["services"].(map[string]any)
	for service, value := range services {
		spec, _ := value.(map[string]any)
		if name, _ := spec["image"].(string); name != "" && spec["build"] == nil {
			users[image.Name(name)] = append(users[image.Name(name)], service)
		}
	}
	for _, list := range users {
		slices.Sort(list)
	}
	return users
}

// sourceOf is what the image of build is made of.
func sourceOf(app *compose.Application, build compose.Build) built.Source {
	s := built.Source{
		Context: build.Context, Shown: filepath.ToSlash(app.Show(build.Context)), Dockerfile: build.Dockerfile, Inline: build.Inline,
		Target: build.Target, Args: build.Args, Contexts: build.Contexts,
	}
	switch {
	case build.Context == "":
		s.Missing = "its build context is not a folder here"
	case build.Outside && app.Confined():
		s.Context, s.Missing = "", "its build context is outside the project, and --confined is given"
	}
	return s
}

// bases are the images whose own way to read files holds for what is built on them, by
// service.
func (b builds) bases() map[string]string {
	all := map[string]string{}
	for service, found := range b.found {
		if base := found.NativeBase(); base != "" {
			all[service] = base
		}
	}
	return all
}

// mentions are the places that show that an application reads its secrets from files, by
// service.
func (b builds) mentions() map[string]string {
	all := map[string]string{}
	for service, found := range b.found {
		if mention := found.Mention(); mention != "" {
			all[service] = mention
		}
	}
	return all
}

// codebase tells of a service of model in which language its application is written.
func (b builds) codebase(model map[string]any) func(service string) transform.Codebase {
	services, _ := model["services"].(map[string]any)
	return func(service string) transform.Codebase {
		if found, isBuilt := b.found[service]; isBuilt {
			return transform.Codebase{Language: found.Language(), Framework: built.Framework(b.folders[service])}
		}
		spec, _ := services[service].(map[string]any)
		name, _ := spec["image"].(string)
		return transform.Codebase{Language: images.LanguageOf(name)}
	}
}
