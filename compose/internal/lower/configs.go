package lower

import "strings"

func lowerConfig(l *lowering, at place, name string, in map[string]any) (map[string]any, bool) {
	out := l.object(at, in)
	external, err := truth(l, at, in)
	if err != nil {
		return nil, false
	}
	if !external {
		external = l.content(at, in, out)
	}
	if external {
		l.template(at, in, out)
		l.madeExternal(at, name, out)
	}
	return out, true
}

// template writes the text of a config with a template driver as one that docker
// secrets deploy creates with it. The Engine has one such driver.
func (l *lowering) template(at place, in, out map[string]any) {
	if !says(in["template_driver"]) {
		return
	}
	at = at.key("template_driver")
	switch {
	case in["template_driver"] != "golang":
		l.lose(at, "no-equivalent", "dropped: Swarm has the template driver golang only")
	case out["x-content"] != nil:
		out["x-template"] = out["x-content"]
		delete(out, "x-content")
		l.note(at, "config-template", "the content is now x-template, which docker secrets deploy creates with that driver")
	case out["x-template"] == nil:
		l.lose(at, "no-equivalent", "dropped: the text of a template has to be in the file; write it as content")
	}
}

// content writes a config's text into the stack and tells whether the config is
// external from now on.
func (l *lowering) content(at place, in, out map[string]any) bool {
	if text, ok := in["content"].(string); ok {
		out["x-content"] = l.notEmpty(at.key("content"), text)
		l.note(at.key("content"), "external", "now external: docker secrets deploy creates it from x-content")
		return true
	}
	if path, _ := in["file"].(string); strings.ContainsAny(path, "?#") {
		out["file"] = path
		l.note(at.key("file"), "config-file", "stays a file, because x-from cannot hold ? and #; Swarm changes no config, so give it another name: when the content changes")
		return false
	}
	l.source(at, in, out)
	return true
}

// notEmpty gives a config the one byte that the Swarm asks for.
func (l *lowering) notEmpty(at place, text string) string {
	if text != "" {
		return text
	}
	l.note(at, "empty-config", "a line break is written: Swarm has no empty configs")
	return "\n"
}
