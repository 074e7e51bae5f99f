package compose

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Unset reports every text of the active services, networks and volumes that lacks a
// variable which is not set, as docker compose does, in the order of files and lines.
// Secrets are left out: they are declared. The words show no value.
func (a *Application) Unset(sealing classify.Sealing) []transform.Warning {
	u := unsetSearch{app: a, sealing: sealing, redact: sync.OnceValue(func() verdict.Redactor { return sealing.Redactor() }), said: map[string]bool{}}
	for _, b := range a.tree.all() {
		for _, doc := range b.docs() {
			for _, block := range []string{"services", "networks", "volumes"} {
				u.walk(b, document.Entry(doc, block), []string{block})
			}
		}
	}
	return u.found
}

type unsetSearch struct {
	app     *Application
	sealing classify.Sealing
	redact  func() verdict.Redactor // made when a variable is not set
	said    map[string]bool         // place and words
	found   []transform.Warning
}

// maxDepth ends the walk through a file whose aliases go in a circle.
const maxDepth = 40

func (u *unsetSearch) walk(b *branch, node *yaml.Node, path []string) {
	node = document.Follow(node)
	if node == nil || len(path) > maxDepth || u.isElsewhere(path) {
		return
	}
	switch node.Kind {
	case yaml.ScalarNode:
		u.scalar(b, node, path)
	case yaml.SequenceNode:
		for i, item := range node.Content {
			below := slices.Clone(path)
			below[len(below)-1] += "[" + strconv.Itoa(i) + "]"
			u.walk(b, item, below)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			below := path
			if key := node.Content[i].Value; key != "<<" {
				below = append(slices.Clone(path), key)
			}
			u.walk(b, node.Content[i+1], below)
		}
	default:
	}
}

// isElsewhere tells whether path is not in the stack file: in a service that is not
// active, or in a key that a stack does not have.
func (u *unsetSearch) isElsewhere(path []string) bool {
	if len(path) < 2 || path[0] != "services" {
		return false
	}
	if _, active := u.app.entries[path[1]]; !active {
		return true
	}
	dropped := []string{"build", "develop", "provider", "env_file", "label_file", "profiles", "extends", "container_name"}
	return len(path) > 2 && (slices.Contains(dropped, path[2]) || strings.HasPrefix(path[2], "x-") || u.stays(path[2]))
}

// stays tells whether --no-interpolate leaves the variables of a service's key to the
// docker CLI.
func (u *unsetSearch) stays(key string) bool {
	keys := []string{"image", "hostname", "user", "working_dir", "command", "entrypoint", "environment", "labels"}
	return u.app.src.keepNames && slices.Contains(keys, key)
}

func (u *unsetSearch) scalar(b *branch, node *yaml.Node, path []string) {
	if !strings.Contains(node.Value, "$") {
		return
	}
	parts, err := expression.Parse(node.Value)
	if err != nil || u.isReplaced(node, path) {
		return
	}
	pieces, err := expression.Pieces(parts, b.env.Lookup)
	if err != nil {
		return
	}
	var names []string
	lost := false
	for _, piece := range pieces {
		lost = lost || piece.Lost
		if piece.Unset && u.sealing.Of(piece.Variable, secret.Value{}) == "" && !slices.Contains(names, piece.Variable) {
			names = append(names, piece.Variable)
		}
	}
	where := location{branch: b, node: node}
	key := keyOf(path)
	if lost {
		u.add(where, path, `text after "$" is read as a variable that is not set; write $$ for a literal "$"`, false)
	}
	if len(names) > 0 {
		isAre := " is not set, so "
		if len(names) > 1 {
			isAre = " are not set, so "
		}
		u.add(where, path, strings.Join(names, " and ")+isAre+u.effect(key, path, pieces), slices.Contains(lossy, key))
	}
}

// isReplaced tells whether a later file has another text at path. Lists are merged, so
// it only knows texts that are not in one.
func (u *unsetSearch) isReplaced(node *yaml.Node, path []string) bool {
	p := u.app.tree.locate(path...)
	return !strings.HasSuffix(path[len(path)-1], "]") && p.key != nil && p.node.Kind == yaml.ScalarNode && p.node != node
}

// lossy are the keys that mean something else without the variable: another image,
// another folder of the machine, another port, another argument.
var lossy = []string{"image", "volumes", "ports", "command", "entrypoint", "test"} //nolint:gochecknoglobals // a table, never written

// keyOf is the key whose text or list is at path. Of healthcheck it is test.
func keyOf(path []string) string {
	key := path[len(path)-1]
	if path[0] == "services" && len(path) > 2 && (path[2] != "healthcheck" || len(path) < 4) {
		key = path[2]
	}
	key, _, _ = strings.Cut(key, "[")
	return key
}

// effect is what the text at path becomes. It is shown where it is no command and no
// variable, and only if it holds no secret.
func (u *unsetSearch) effect(key string, path []string, pieces []expression.Piece) string {
	var b strings.Builder
	isSecret := false
	for _, piece := range pieces {
		b.WriteString(piece.Text)
		isSecret = isSecret || piece.Variable != "" && !piece.Unset && u.sealing.Of(piece.Variable, secret.NewValue(piece.Text)) != ""
	}
	text := b.String()
	isSecret = isSecret || u.redact().Redact(text) != text
	switch {
	case slices.Contains([]string{"command", "entrypoint", "test"}, key):
		return key + ": loses an argument"
	case text == "":
		return strings.Join(path[min(2, len(path)-1):], ".") + ": is empty"
	case key == "image" && !isSecret:
		return "image: is " + text
	case (key == "volumes" || key == "ports") && !isSecret:
		return key + ": has " + text
	}
	return strings.Join(path[min(2, len(path)-1):], ".") + ": lacks a part"
}

func (u *unsetSearch) add(where location, path []string, words string, loss bool) {
	warning := transform.Warning{
		Code: "unset-variable", Path: strings.TrimSpace(u.app.tree.at(where) + " " + strings.Join(path, ".")), Message: words, Loss: loss,
	}
	if path[0] == "services" && len(path) > 1 {
		warning.Service = path[1]
	}
	if said := warning.Path + "\x00" + words; !u.said[said] {
		u.said[said] = true
		u.found = append(u.found, warning)
	}
}
