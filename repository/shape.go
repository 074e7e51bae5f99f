package repository

import (
	"path"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Example reports whether the file at name is there to be copied, so that its values are
// no secrets: .env.example.
func Example(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, word := range []string{"example", "sample", "template", "dist", "default", "defaults", "tmpl", "tpl", "schema"} {
		if strings.HasSuffix(base, "."+word) || strings.Contains(base, "."+word+".") || strings.HasSuffix(base, "-"+word) || strings.HasPrefix(base, word+".") || strings.HasSuffix(base, "_"+word) {
			return true
		}
	}
	return false
}

// IsEnvFile reports whether the file at name is an env file by its name: .env, .env.local,
// production.env.
func IsEnvFile(name string) bool {
	base := path.Base(name)
	return base == ".env" || base == ".envrc" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env")
}

// isComposeFile reports whether the file at name is one for compose or a stack.
func isComposeFile(name string) bool {
	base := strings.ToLower(path.Base(name))
	isYAML := strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")
	return isYAML && (strings.Contains(base, "compose") || strings.Contains(base, "stack"))
}

//nolint:gochecknoglobals // never written
var assignment = lazyregexp.New(`(?m)^[ \t]*(?:-[ \t]*)?(?:export[ \t]+)?["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]*[:=][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#][^\n#]*))`)

// shapes calls hit for each credential in text that its shape tells: tokens and private
// keys in any file, and what a secret's name assigns in env files and compose files.
func shapes(name, text string, hit func(what string, at int)) {
	if Example(name) {
		return
	}
	for _, span := range verdict.Tokens(text) {
		hit(strings.TrimPrefix(span.Rule, "value:"), span.Start)
	}
	if !IsEnvFile(name) && !isComposeFile(name) {
		return
	}
	for _, m := range assignment().FindAllStringSubmatchIndex(text, -1) {
		key := text[m[2]:m[3]]
		for _, group := range []int{4, 6, 8} {
			if m[group] < 0 {
				continue
			}
			value := secret.NewValue(strings.TrimSpace(text[m[group]:m[group+1]]))
			if isSecret(key, value) {
				hit(key, m[group])
			}
		}
	}
}

// isSecret reports whether the assignment gives away a secret: a placeholder, a variable
// and a reference do not.
func isSecret(name string, value secret.Value) bool {
	_, managed := secret.Managed(value.Reveal())
	if managed || strings.HasPrefix(value.Reveal(), "$") || !verdict.Distinctive(value) {
		return false
	}
	return verdict.Policy{}.Judge(verdict.Candidate{Name: name, Value: value}).Verdict == transform.Secret
}
