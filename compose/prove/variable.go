package prove

import (
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/images"
)

// given is what a variable gets, and from which secret.
type given struct {
	secret  string
	content content
}

// variable follows the ways in which a service can get a variable: written out, made
// by the shim or by its own script, read from a file by the image, or read from a file by the application.
func (f *file) variable(service stackfile.Service, want Want) given {
	if path, trim, ok := native(service, want); ok { // first: some images take file://PATH as the variable's own value
		read := f.at(service, path)
		read.content.value = trim(read.content.value)
		return read
	}
	if text, ok := service.Environment[want.Variable]; ok {
		return given{content: f.text(text)}
	}
	if path, ok := f.shimFile(service, want.Variable); ok {
		return f.at(service, path)
	}
	if path, ok := scriptFile(service, want.Variable); ok {
		return f.at(service, path)
	}
	if service.Environment[transform.UseDockerSecrets] == "true" || slices.Contains(service.Unread, want.Variable) {
		return f.at(service, transform.SecretsDir+transform.SecretName(want.Variable))
	}
	return given{content: content{fault: errors.New("the service does not set it")}}
}

// text is what a text of environment: becomes when the docker CLI has filled in its
// variables and Swarm its placeholders (swarmkit, template.ExpandContainerSpec).
func (f *file) text(text string) content {
	parts, err := expression.Parse(text)
	if err != nil {
		return content{fault: err}
	}
	var unasked bool
	var fault error
	made, err := expression.Expand(parts, func(name string) (string, bool) {
		held, ok := f.held["${"+name+"}"]
		if !ok {
			value, set := f.kept(name)
			return value.Reveal(), set
		}
		unasked = unasked || held.unasked
		if held.fault != nil {
			fault = held.fault
		}
		return held.value.Reveal(), ok
	}, nil)
	if fault == nil {
		fault = err
	}
	if made, err = placeholders(made); fault == nil {
		fault = err
	}
	return content{value: secret.NewValue(made), unasked: unasked, fault: fault}
}

// at is the content of the file at path in the service.
func (f *file) at(service stackfile.Service, path string) given {
	for _, mount := range service.Secrets {
		if full(mount.Target) == path {
			return given{secret: mount.Name, content: f.content(service, mount.Name)}
		}
	}
	return given{content: content{fault: errors.New("no secret is mounted at " + path)}}
}

// full is the path of a target.
func full(target string) string {
	if strings.HasPrefix(target, "/") {
		return target
	}
	return transform.SecretsDir + target
}

// content is what the file of the secret holds in the service.
func (f *file) content(service stackfile.Service, name string) content {
	object, declared := f.secrets[name]
	switch {
	case !declared:
		return undeclared(name)
	case object.Template:
		return f.render(service, *object.Text)
	}
	return f.held[name]
}

// undeclared is the fault of a secret that a service mounts and nobody declares.
func undeclared(name string) content {
	return content{fault: errors.New("secrets." + name + " is not declared")}
}

// shimFile is the file that the shim makes the variable of. ok is false if it makes none,
// or the service does not start through the shim.
func (f *file) shimFile(service stackfile.Service, variable string) (path string, ok bool) {
	startsThrough := len(service.Entrypoint) >= 2 && slices.Equal(service.Entrypoint[:2], []string{"/bin/sh", transform.ShimPath})
	hasShim := slices.ContainsFunc(service.Configs, func(mount stackfile.Mount) bool {
		return f.shims[mount.Name] && "/"+strings.TrimPrefix(mount.Target, "/") == transform.ShimPath
	})
	for _, mount := range service.Secrets {
		if startsThrough && hasShim && slices.Contains(transform.ShimVariables(mount.Target), variable) {
			return full(mount.Target), true
		}
	}
	return "", false
}

// scriptFile is the file that the service's own script makes the variable of, in its first
// commands.
func scriptFile(service stackfile.Service, variable string) (path string, ok bool) {
	assigns := variable + `="$(cat `
	for _, word := range slices.Concat(service.Entrypoint, service.Command) {
		for command := range strings.SplitSeq(strings.ReplaceAll(word, "\n", "; "), "; ") {
			if rest, found := strings.CutPrefix(command, assigns); found {
				path, _, _ = strings.Cut(rest, ")")
				return path, true
			}
		}
	}
	return "", false
}

// native is the file from which the image itself reads the variable, and what it
// takes off its content.
func native(service stackfile.Service, want Want) (path string, trim func(secret.Value) secret.Value, ok bool) {
	if n, known := images.NativeFor(want.Image, want.Variable); known {
		path, ok = strings.CutPrefix(service.Environment[n.Variable], n.Prefix)
		if ok && strings.HasPrefix(path, transform.SecretsDir) {
			return path, n.Trim.Apply, true
		}
	}
	if e, known := images.ExpectedFor(want.Image, want.Variable); known {
		for _, mount := range service.Secrets {
			if mount.Target == e.Target && (e.Variable == "" || service.Environment[e.Variable] == e.Target) {
				return transform.SecretsDir + e.Target, e.Trim.Apply, true
			}
		}
	}
	return "", nil, false
}
