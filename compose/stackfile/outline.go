package stackfile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
)

// Outline is where things are in a stack file, and who gets which secret.
type Outline struct {
	Stack    string  // x-stack, "" for none
	Secrets  []Entry // of secrets:, external or not, sorted by name
	Services []Receiver
	Unread   []Entry // services that x-unread: names
	InClear  []Entry // paths that x-in-clear: names
}

// Entry is a name and its place.
type Entry struct {
	Name         string
	Template     string // x-template:, "" for none
	Object       string // on the Swarm; of a secret only
	External     bool
	From         []string // x-from:, as written
	Line, Column int
}

// Receiver is a service, sorted by name.
type Receiver struct {
	Name   string
	User   string // user:, "" for none
	Grants []Granted
}

// Granted is one secret that a service gets.
type Granted struct {
	Mount

	UID, GID     string // "" if not written
	Mode         uint32 // 0444 if not written
	HasMode      bool
	Read         bool // something in the service reads the file, or looks for all of them
	Line, Column int
}

// ParseOutline reads content, the bytes of one stack file that is shown as path in
// errors. Of several documents the last one that has an entry counts.
func ParseOutline(path string, content []byte) (Outline, error) {
	if err := CheckFormat(path, content); err != nil {
		return Outline{}, err
	}
	docs, err := document.ParseFlat(path, content)
	if err != nil {
		return Outline{}, err
	}
	var o Outline
	for _, doc := range docs {
		o.add(doc)
	}
	slices.SortFunc(o.Secrets, func(a, b Entry) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(o.Services, func(a, b Receiver) int { return cmp.Compare(a.Name, b.Name) })
	return o, nil
}

func (o *Outline) add(doc *yaml.Node) {
	o.Stack = cmp.Or(text(document.Entry(doc, "x-stack")), o.Stack)
	document.Each(document.Entry(doc, "secrets"), func(key, value *yaml.Node) {
		external := document.Entry(value, "external")
		entry := Entry{
			Name: key.Value, Line: key.Line, Column: key.Column, External: external != nil && text(external) != "false",
			Object: cmp.Or(text(document.Entry(value, "name")), text(document.Entry(external, "name")), key.Value),
		}
		entry.From, entry.Template = words(document.Entry(value, "x-from")), text(document.Entry(value, "x-template"))
		o.Secrets = append(slices.DeleteFunc(o.Secrets, func(e Entry) bool { return e.Name == key.Value }), entry)
	})
	shown := renderings(doc)
	document.Each(document.Entry(doc, "services"), func(key, value *yaml.Node) {
		o.Services = append(o.Services, receiver(key.Value, value, shown))
		if unread := document.Entry(value, "x-unread"); unread != nil {
			o.Unread = append(o.Unread, Entry{Name: key.Value, Line: unread.Line, Column: unread.Column})
		}
	})
	unread := document.Entry(doc, "x-unread")
	document.Each(unread, func(key, _ *yaml.Node) {
		o.Unread = append(o.Unread, Entry{Name: key.Value, Line: key.Line, Column: key.Column})
	})
	for _, item := range document.Sequence(unread) {
		o.Unread = append(o.Unread, Entry{Name: text(item), Line: item.Line, Column: item.Column})
	}
	for _, item := range document.Sequence(document.Entry(doc, "x-in-clear")) {
		o.InClear = append(o.InClear, Entry{Name: text(item), Line: item.Line, Column: item.Column})
	}
}

// renderings are the texts of the templates and configs of doc, by their block and name:
// what is in them is read for the service that gets them.
func renderings(doc *yaml.Node) map[string]string {
	shown := map[string]string{}
	for _, block := range []string{"secrets", "configs"} {
		document.Each(document.Entry(doc, block), func(key, value *yaml.Node) {
			for _, field := range []string{"x-template", "x-content", "content"} {
				shown[block+"."+key.Value] += text(document.Entry(value, field))
			}
		})
	}
	return shown
}

func receiver(name string, node *yaml.Node, shown map[string]string) Receiver {
	r := Receiver{Name: name, User: text(document.Entry(node, "user"))}
	var texts []string
	for _, key := range []string{"environment", "command", "entrypoint", "healthcheck", "labels"} {
		texts = append(texts, allTexts(document.Entry(node, key))...)
	}
	for _, block := range []string{"secrets", "configs"} {
		for _, mount := range mounts(document.Entry(node, block)) {
			texts = append(texts, shown[block+"."+mount.Name])
		}
	}
	readsAll := strings.EqualFold(environment(document.Entry(node, "environment"))["USE_DOCKER_SECRETS"], "true")
	items := document.Sequence(document.Entry(node, "secrets"))
	for i, mount := range mounts(document.Entry(node, "secrets")) {
		g := granted(mount, items[i])
		g.Read = readsAll || strings.HasPrefix(mount.Target, "/") || strings.HasPrefix(mount.Target, "env/") || slices.ContainsFunc(texts, func(text string) bool { return reads(text, mount.Target) })
		r.Grants = append(r.Grants, g)
	}
	return r
}

func granted(mount Mount, item *yaml.Node) Granted {
	item = document.Follow(item)
	g := Granted{Mount: mount, UID: text(document.Entry(item, "uid")), GID: text(document.Entry(item, "gid")), Mode: 0o444, Line: item.Line, Column: item.Column}
	if written := document.Entry(item, "mode"); written != nil {
		if mode, ok := modeOf(written); ok {
			g.Mode, g.HasMode = mode, true
		}
	}
	return g
}

// modeOf reads a mode as YAML does: 0400 and 0o400 are octal, 256 is decimal.
func modeOf(node *yaml.Node) (uint32, bool) {
	digits, base := strings.TrimPrefix(node.Value, "0o"), 10
	if strings.HasPrefix(node.Value, "0") {
		base = 8
	}
	mode, err := strconv.ParseUint(digits, base, 32)
	return uint32(mode), err == nil
}

// reads reports whether text names the secret's file, or asks a template for it.
func reads(text, target string) bool {
	for _, form := range []string{"/run/secrets/" + target, `secret "` + target + `"`, `secret \"` + target + `\"`} {
		if at := strings.Index(text, form); at >= 0 && !isWordByte(text[at+len(form):]) {
			return true
		}
	}
	return false
}

// isWordByte reports whether text goes on with a byte of a file's name.
func isWordByte(text string) bool {
	return text != "" && (text[0] == '_' || text[0] == '-' || text[0] >= '0' && text[0] <= '9' || text[0] >= 'a' && text[0] <= 'z' || text[0] >= 'A' && text[0] <= 'Z')
}

// allTexts are the scalars below node.
func allTexts(node *yaml.Node) []string {
	if node = document.Follow(node); node == nil {
		return nil
	}
	if node.Kind == yaml.ScalarNode {
		return []string{strings.ReplaceAll(node.Value, "$$", "$")}
	}
	var all []string
	for _, child := range node.Content {
		all = append(all, allTexts(child)...)
	}
	return all
}

// Made returns, for each secret with a template, the secrets that the template asks for,
// sorted. targets says which secret each service has as which file.
func (o Outline) Made(targets map[[2]string]string) map[string][]string {
	made := map[string][]string{}
	for _, e := range o.Secrets {
		for key, name := range targets {
			if e.Template != "" && name != e.Name && reads(e.Template, key[1]) && !slices.Contains(made[e.Name], name) {
				made[e.Name] = append(made[e.Name], name)
			}
		}
		slices.Sort(made[e.Name])
	}
	return made
}
