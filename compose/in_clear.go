package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// InClear is a credential that is written out where nothing can be read at run time,
// so that it stays.
type InClear struct {
	Path  string // in the model
	Plain bool   // the owner calls it plain
	Text  secret.Value
	Parts []secret.Value // the credentials in Text, but for public ones
}

// InClear returns what is left in clear of s and is also in stack, which Lower made of
// it, in order of path.
func (s *SealedApplication) InClear(stack map[string]any, sealing classify.Sealing) []InClear {
	var all []InClear
	for _, place := range scalar.Judge(s.Model) {
		c := InClear{Path: place.Path, Plain: sealing.PlainPath(place.Path), Text: place.Text}
		for _, part := range place.Credentials() {
			if !sealing.IsPublic(part) {
				c.Parts = append(c.Parts, part)
			}
		}
		if c.Plain = c.Plain || len(c.Parts) == 0; c.Plain || c.isIn(stack) {
			all = append(all, c)
		}
	}
	return append(all, s.disguised(stack, sealing, all)...)
}

// disguised returns the texts that hold a part of a secret or another form of one, but
// for those of known.
func (s *SealedApplication) disguised(stack map[string]any, sealing classify.Sealing, known []InClear) []InClear {
	var all []InClear
	transform.EachText(s.Model, func(path, text string) {
		if !s.disguise(text) || slices.ContainsFunc(known, func(c InClear) bool { return c.Path == path }) {
			return
		}
		c := InClear{Path: path, Plain: sealing.PlainPath(path), Text: secret.NewValue(text), Parts: []secret.Value{secret.NewValue(text)}}
		// Lower may have split the text, which was a command: its parts are still there.
		if c.Plain || c.isIn(stack) || hasKey(stack, path) {
			all = append(all, c)
		}
	})
	return all
}

// hasKey tells whether the service of path, a path in the model, has its key in stack too.
func hasKey(stack map[string]any, path string) bool {
	service := transform.ServiceOf(path)
	rest, below := strings.CutPrefix(path, "services."+service+".")
	if service == "" || !below {
		return false
	}
	key := rest
	if end := strings.IndexAny(rest, ".["); end >= 0 {
		key = rest[:end]
	}
	_, has := mapping(mapping(stack["services"])[service])[key]
	return has
}

// isIn tells whether a text of value shows a part of c. Lower writes some texts in lower
// case.
func (c InClear) isIn(value any) bool {
	switch v := value.(type) {
	case string:
		return slices.ContainsFunc(c.Parts, func(part secret.Value) bool {
			return strings.Contains(strings.ToLower(v), strings.ToLower(part.Reveal()))
		})
	case map[string]any:
		for _, entry := range v {
			if c.isIn(entry) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, c.isIn)
	case nil:
	default:
		return c.isIn(fmt.Sprint(v))
	}
	return false
}

// Paths are the paths of those of all that the owner does not call plain, each once.
func Paths(all []InClear) []string {
	var paths []string
	for _, c := range all {
		if !c.Plain && !slices.Contains(paths, c.Path) {
			paths = append(paths, c.Path)
		}
	}
	return paths
}

// Warning reports c, which is a loss.
func (s *SealedApplication) Warning(c InClear) transform.Warning {
	return transform.Warning{
		Code: "left-in-clear", Service: transform.ServiceOf(c.Path), Path: s.Layout.Line(c.Path), Loss: true,
		Message: fmt.Sprintf("a credential is in plaintext here, where no file can be read, and stays in plaintext; deploy refuses it without --inline %s; write ${NAME} in its place, or mark it as plain in x-docker-secrets", c.Path),
	}
}
