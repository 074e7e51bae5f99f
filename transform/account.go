package transform

import (
	"fmt"
	"slices"
	"strings"
)

func (r *rewriter) warn(code string, d Decision, message string) {
	path := "services." + d.Service + ".environment." + d.Name
	r.result.Warnings = append(r.result.Warnings, Warning{Code: code, Service: d.Service, Path: path, Message: message})
}

// warnFile says which file the application has to read, where the image is
// somebody else's and may not do it.
func (r *rewriter) warnFile(p plan) {
	d := p.decision
	if d.Image == "" {
		return
	}
	r.warn("image-reads-no-file", d, fmt.Sprintf(
		"%s is not known to read %s from a file; it must read %s%s itself", d.Image, d.Name, secretsDir, p.target))
}

// warnUses reports where a service's own shell expands a variable that is gone.
func (r *rewriter) warnUses(service string, from map[string]any, moved []Decision) {
	for _, key := range []string{"command", "entrypoint", "healthcheck"} {
		for _, d := range moved {
			used := false
			walkStrings("", from[key], func(_, text string) { used = used || runtimeUse(text, d.Name) })
			if !used {
				continue
			}
			r.result.Warnings = append(r.result.Warnings, Warning{
				Code: "shell-use", Service: service, Path: "services." + service + "." + key, Loss: true,
				Message: fmt.Sprintf("$%s is expanded here and is empty now that the variable is a secret; read the file %s%s instead", d.Name, secretsDir, secretName(d.Name)),
			})
		}
	}
}

// inline lists the seals that are left: they stand where no file can be read.
func (r *rewriter) inline() {
	paths := map[string][]string{}
	walkStrings("", r.result.Model, func(path, text string) {
		for _, name := range Seals(text) {
			if !slices.Contains(paths[name], path) {
				paths[name] = append(paths[name], path)
			}
		}
	})
	for _, declared := range r.decisions.Secrets {
		found := paths[declared.Name]
		if len(found) == 0 {
			continue
		}
		slices.Sort(found)
		name := inlineName(declared.Name)
		r.result.Inlined = append(r.result.Inlined, Inlined{Name: name, Declared: declared, Paths: found})
		for _, path := range found {
			r.result.Warnings = append(r.result.Warnings, Warning{
				Code: "inline-secret", Service: serviceOf(path), Path: path, Loss: true,
				Message: fmt.Sprintf("a secret stands here, where no file can be read; ${%s} is kept, and deploy refuses it without --inline %s", name, name),
			})
		}
	}
}

func serviceOf(path string) string {
	rest, ok := strings.CutPrefix(path, "services.")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ".")
	return name
}

// walkStrings visits every string below value, with its path, keys sorted.
func walkStrings(path string, value any, visit func(path, text string)) {
	switch v := value.(type) {
	case string:
		visit(path, v)
	case map[string]any:
		for _, key := range sortedKeys(v) {
			child := key
			if path != "" {
				child = path + "." + key
			}
			walkStrings(child, v[key], visit)
		}
	case []any:
		for i, one := range v {
			walkStrings(fmt.Sprintf("%s[%d]", path, i), one, visit)
		}
	}
}
