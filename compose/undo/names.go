package undo

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/secret"
)

// dotEnv is the env file that Compose reads by itself.
const dotEnv = ".env"

// authors begins what holds a variable that the author's own texts interpolate.
const authors = "env://"

// names are the variables that secrets are interpolated with: one name for one source.
type names struct {
	claimed map[string]string // name → what it holds: a source
	chosen  map[string]Need   // by the sources of the object
	used    map[string]Need   // by name
}

// newNames claims the names that have a source with a name of its own before the others,
// which can have any.
func newNames(root *yaml.Node, stack stackfile.Stack) *names {
	n := &names{claimed: map[string]string{}, chosen: map[string]Need{}, used: map[string]Need{}}
	inline := map[string]bool{}
	objects := slices.Clone(stack.Objects)
	for _, i := range stack.Inlined {
		inline[i.Name] = true
		objects = append(objects, stackfile.Object{Name: i.Name, From: i.From})
	}
	for _, name := range authored(root) {
		if !inline[name] {
			n.claimed[name] = authors + name
		}
	}
	for _, named := range []func(secret.Reference) (Need, bool){fromEnvironment, fromEnvFile} {
		for _, object := range objects {
			n.claim(object, named)
		}
	}
	for _, object := range objects {
		n.claim(object, fromPlace)
	}
	return n
}

// key tells the sources of an object from others.
func key(object stackfile.Object) string {
	if len(object.From) == 0 {
		return "secrets." + object.Name
	}
	texts := make([]string, len(object.From))
	for i, ref := range object.From {
		texts[i] = ref.String()
	}
	return strings.Join(texts, " ")
}

// claim gives object the name of its first source that named knows, if that is free.
func (n *names) claim(object stackfile.Object, named func(secret.Reference) (Need, bool)) {
	if _, has := n.chosen[key(object)]; has {
		return
	}
	for _, ref := range object.From {
		need, ok := named(ref)
		holder, taken := n.claimed[need.Name]
		if ok && isName(need.Name) && (!taken || holder == ref.String() || ref.Scheme == "env" && holder == authors+ref.Path) {
			n.claimed[need.Name] = ref.String()
			n.chosen[key(object)] = need
			return
		}
	}
}

func isName(name string) bool { return name != "" && expression.NameLen(name) == len(name) }

func fromEnvironment(ref secret.Reference) (Need, bool) {
	need := Need{Name: ref.Path, Files: []string{dotEnv}, From: ref.String()}
	if files := ref.Param("file"); len(files) > 0 {
		need.Files = files
	}
	return need, ref.Scheme == "env"
}

func fromEnvFile(ref secret.Reference) (Need, bool) {
	need := Need{Name: ref.Fragment, Files: []string{ref.Path}, From: ref.String()}
	return need, ref.Scheme == "dotenv" && len(ref.Query) == 0
}

// fromPlace is a text in a compose file: its variable, or the one that it is the default of.
func fromPlace(ref secret.Reference) (Need, bool) {
	need := Need{From: ref.String()}
	if names := ref.Param("default"); len(names) > 0 {
		need.Name = names[0]
	} else if at := strings.LastIndex(ref.Fragment, ".environment."); at >= 0 {
		need.Name = ref.Fragment[at+len(".environment."):]
	}
	return need, ref.Scheme == "compose"
}

// of returns the variable that holds what object does.
func (n *names) of(object stackfile.Object) string {
	need, has := n.chosen[key(object)]
	if !has {
		need = n.free(object)
		n.chosen[key(object)] = need
	}
	n.used[need.Name] = need
	return need.Name
}

// free is a name for an object whose sources have none, or one that others have.
func (n *names) free(object stackfile.Object) Need {
	base := strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(object.Name))
	if !isName(base) {
		base = "_" + base
	}
	name := base
	for i := 2; ; i++ {
		if _, taken := n.claimed[name]; !taken {
			break
		}
		name = base + "_" + strconv.Itoa(i)
	}
	n.claimed[name] = key(object)
	need := Need{Name: name}
	if len(object.From) > 0 {
		need.From = object.From[0].String()
	}
	return need
}

// needs are the names that were asked for, sorted.
func (n *names) needs() []Need {
	needs := []Need{}
	for _, name := range slices.Sorted(maps.Keys(n.used)) {
		needs = append(needs, n.used[name])
	}
	return needs
}

// authored are the variables that the texts below root interpolate.
func authored(root *yaml.Node) []string {
	var all []string
	if root.Kind == yaml.ScalarNode {
		parts, _ := expression.Parse(root.Value) // what cannot be read names nothing
		all = expression.Names(parts, all)
	}
	for _, child := range root.Content {
		all = append(all, authored(child)...)
	}
	return all
}
