package prove

import (
	"errors"
	"strings"
	"text/template"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

// errTemplate quotes nothing: what text/template says quotes the text.
var errTemplate = errors.New("x-template: the Engine cannot read it")

// errPlaceholder quotes nothing, for the same reason.
var errPlaceholder = errors.New("expanded by Swarm as a placeholder")

// render makes of a template what the Engine's "golang" driver makes of it for a task
// of the service (moby, template.newPayloadContextFromTask): secret looks up targets,
// and what it finds is not rendered again.
func (f *file) render(service stackfile.Service, text string) content {
	var unasked bool
	var fault error
	parsed, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"secret": func(target string) (string, error) {
			part := f.part(service, target)
			unasked = unasked || part.unasked
			fault = errors.Join(fault, part.fault)
			return part.value.Reveal(), nil
		},
	}).Parse(text)
	if err != nil {
		return content{fault: errTemplate}
	}
	var made strings.Builder
	if parsed.Execute(&made, nil) != nil {
		return content{fault: errTemplate}
	}
	return content{value: secret.NewValue(made.String()), unasked: unasked, fault: fault}
}

// placeholder is one that the author means for Swarm: Compose passes it on as it is.
//
//nolint:gochecknoglobals // an expression, never written
var placeholder = lazyregexp.New(`\{\{\s*(?:\.[A-Za-z.]+|index \.Service\.Labels "[^"]*")\s*\}\}`)

// placeholders is text with the escapes undone that Swarm undoes for a task. The
// placeholders that are left stay: their text is what the author wrote. The error is
// anything else that Swarm would read as one.
func placeholders(text string) (string, error) {
	const escape, brace = `{{"{{"}}`, "{{"
	for part := range strings.SplitSeq(text, escape) {
		if strings.Contains(placeholder().ReplaceAllString(part, ""), brace) {
			return "", errPlaceholder
		}
	}
	return strings.ReplaceAll(text, escape, brace), nil
}

// part is what a template gets for target: of a secret that is a template too, its
// text.
func (f *file) part(service stackfile.Service, target string) content {
	for _, mount := range service.Secrets {
		if mount.Target != target {
			continue
		}
		object, declared := f.secrets[mount.Name]
		switch {
		case !declared:
			return undeclared(mount.Name)
		case object.Template:
			return content{value: secret.NewValue(*object.Text)}
		}
		return f.held[mount.Name]
	}
	return content{fault: errors.New("x-template: the service has no secret with the target " + target)}
}
