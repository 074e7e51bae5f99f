package source

import (
	"context"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// own are the variables that people and pipelines log in with: to the secret managers, to
// Docker and its registries, to the proxy, and to where the pipeline runs. A stack that
// needs such a value of its own has it in an env file.
//
//nolint:gochecknoglobals // a table, never written
var own = strings.Fields(`
	AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN
	AZURE_CLIENT_SECRET AZURE_CLIENT_CERTIFICATE_PASSWORD MSI_SECRET IDENTITY_HEADER
	GOOGLE_CREDENTIALS GOOGLE_OAUTH_ACCESS_TOKEN
	VAULT_TOKEN VAULT_SECRET_ID
	DOCKER_AUTH_CONFIG DOCKER_CUSTOM_HEADERS
	HTTP_PROXY HTTPS_PROXY FTP_PROXY ALL_PROXY http_proxy https_proxy ftp_proxy all_proxy
	GITHUB_TOKEN GH_TOKEN ACTIONS_RUNTIME_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN
	CI_JOB_TOKEN CI_REGISTRY_PASSWORD CI_DEPLOY_PASSWORD CI_REPOSITORY_URL
`)

// harmless are variables that say who and where somebody is.
//
//nolint:gochecknoglobals // a table, never written
var harmless = strings.Fields("PATH HOME USER LOGNAME SHELL TERM LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES TZ TMPDIR PWD OLDPWD HOSTNAME")

// isOwn reports whether name is a variable that people log in with.
func (j *Judge) isOwn(name string) bool {
	return slices.Contains(own, name) || strings.HasPrefix(name, "OP_") || strings.HasPrefix(name, "SOPS_")
}

// inShell reports whether the shell has a variable of that name.
func (j *Judge) inShell(name string) bool {
	return slices.ContainsFunc(j.Local.Environ, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
}

// shortestKey is the fewest bytes that are looked for in a value. A shorter variable is
// found in values that have nothing to do with it, and is no key.
const shortestKey = 6

// value returns the marks of result, which ref gave on this machine: files that other files
// named, and variables of the shell that the value is made with.
func (j *Judge) value(ctx context.Context, ref secret.Reference, result store.Result) []Mark {
	var marks []Mark
	for _, path := range result.Reads {
		if outside(j.Local.Dir, path) {
			marks = append(marks, j.outsideMark(path))
		}
	}
	if !isVariable(ref) {
		return marks
	}
	for _, name := range j.madeWith(ctx, ref, result.Value) {
		if ref.Scheme != "env" || ref.Path != name {
			marks = append(marks, Mark{"env://" + name, "is made with your variable " + name})
		}
	}
	return marks
}

// madeWith returns the shell's variables that ref's value is made with, and that the stack
// file does not say so of, sorted. Only variables whose value is in it come into question.
// What counts is whether the reference gives another value without them.
func (j *Judge) madeWith(ctx context.Context, ref secret.Reference, value secret.Value) []string {
	var suspects []string
	text := value.Reveal()
	for _, entry := range j.Local.Environ {
		name, part, _ := strings.Cut(entry, "=")
		if len(part) >= shortestKey && strings.Contains(text, part) && !j.isExpected(name, part) {
			suspects = append(suspects, name)
		}
	}
	slices.Sort(suspects)
	if len(suspects) == 0 || j.sameWithout(ctx, ref, value, suspects) {
		return nil
	}
	var guilty []string
	for _, name := range suspects {
		if !j.sameWithout(ctx, ref, value, []string{name}) {
			guilty = append(guilty, name)
		}
	}
	if len(guilty) == 0 { // each of them is enough
		return suspects
	}
	return guilty
}

// isExpected reports whether a value may be made with the shell's variable name: one that
// says nothing, that the stack file shows, or that it names as a source.
func (j *Judge) isExpected(name, text string) bool {
	if shown, ok := j.Shown[name]; ok && shown == text || slices.Contains(harmless, name) {
		return true
	}
	return slices.Contains(j.Names, name) && !j.isOwn(name)
}

// sameWithout reports whether ref gives value too if the shell does not have the variables
// called names.
func (j *Judge) sameWithout(ctx context.Context, ref secret.Reference, value secret.Value, names []string) bool {
	key := strings.Join(names, " ")
	systems, known := j.without[key]
	if !known {
		local := j.Local
		local.Environ = slices.DeleteFunc(slices.Clone(local.Environ), func(entry string) bool {
			name, _, _ := strings.Cut(entry, "=")
			return slices.Contains(names, name)
		})
		systems = local.Systems()
		if j.without == nil {
			j.without = map[string][]store.System{}
		}
		j.without[key] = systems
	}
	result := resolve(ctx, systems, []secret.Reference{ref})[0]
	return result.Err == nil && result.Value.Equal(value)
}
