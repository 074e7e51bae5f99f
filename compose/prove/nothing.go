package prove

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/compose/internal/scalar"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/seal"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// Left is a text of the stack file that looks like a credential.
type Left struct {
	Path    string // in the stack file
	Comment bool   // it is the comment there
}

// Nothing returns every text, key and comment of the stack file that looks like a
// credential, and that accounted does not know, in their order. It judges them with no
// memory of where they came from: by shape, and by the names that are before them.
// accounted is asked for each credential, and for the path of its text.
func (p *Parsed) Nothing(accounted func(path string, credential secret.Value) bool) []Left {
	s := scan{accounted: accounted, found: slices.Clone(p.comments), keys: map[string]bool{}}
	for _, doc := range p.docs {
		model, _ := s.model("", onlyUsed(doc)).(map[string]any)
		for _, place := range scalar.Judge(model) {
			s.place(place.Path, place.Credentials())
		}
		s.variables(model)
	}
	return s.found
}

// scan collects what is left.
type scan struct {
	accounted func(path string, credential secret.Value) bool
	found     []Left
	keys      map[string]bool // see shows
}

func (s *scan) place(path string, credentials []secret.Value) {
	known := func(credential secret.Value) bool { return s.accounted(path, credential) }
	if !strings.HasSuffix(path, ".x-from") && slices.ContainsFunc(credentials, func(c secret.Value) bool { return !known(c) }) {
		s.found = append(s.found, Left{Path: path})
	}
}

// tellingComments are the comments with a credential of node, which is at path, and of all
// below it. Aliases are not followed.
func tellingComments(path string, node *yaml.Node) []Left {
	var all []Left
	for _, comment := range []string{node.HeadComment, node.LineComment, node.FootComment} {
		if comment != "" && verdict.CommentTells(comment) {
			all = append(all, Left{Path: path, Comment: true})
		}
	}
	for i, child := range node.Content {
		below := path
		switch {
		case node.Kind == yaml.MappingNode && i%2 == 0:
			below = strings.TrimPrefix(path+"."+child.Value, ".")
		case node.Kind == yaml.MappingNode:
			below = strings.TrimPrefix(path+"."+node.Content[i-1].Value, ".")
		}
		all = append(all, tellingComments(below, child)...)
	}
	return all
}

// model returns node, which is flat, as a model in which a seal is in the place of every
// ${NAME}. It looks at keys on its way.
func (s *scan) model(path string, node *yaml.Node) any {
	node = document.Follow(node)
	switch node.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			key := node.Content[i]
			below := strings.TrimPrefix(path+"."+key.Value, ".")
			if s.shows(key.Value) {
				below = strings.TrimPrefix(path+".*", ".")
				s.place(below, []secret.Value{secret.NewValue(key.Value)})
			}
			m[key.Value] = s.model(below, node.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, item := range node.Content {
			list[i] = s.model(path, item)
		}
		return list
	case yaml.ScalarNode:
		if node.Tag == "!!null" {
			return nil
		}
		return sealed(node.Value)
	default:
		return nil
	}
}

// shows tells whether key has the shape of a credential. Services have the same keys, so it
// asks once.
func (s *scan) shows(key string) bool {
	shows, known := s.keys[key]
	if !known {
		shows = len(verdict.Credentials(key)) > 0
		s.keys[key] = shows
	}
	return shows
}

// readSecret matches what reads a secret at run time: in a template, and in a script, with
// the quotes around it if there are two.
//
//nolint:gochecknoglobals // an expression, never written
var readSecret = lazyregexp.New(`\{\{-? *secret +"[^"]*" *-?\}\}|\\*"` + readFile + `\\*"|` + readFile)

const readFile = `\\*\$\(cat (?:\\*")?/run/secrets/[^)\s"\\]+(?:\\*")?\)`

// sealed is a text of the stack file as it was before it was written: a "$" where two
// are, and a seal where a variable is or where a template or a script reads a secret.
func sealed(text string) string {
	if !strings.Contains(text, "$") && !strings.Contains(text, "{{") {
		return text // most texts: readSecret begins with one of them
	}
	parts, err := expression.Parse(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	for _, part := range parts {
		switch {
		case part.Name == "":
			b.WriteString(part.Text)
		case part.Word != "" && strings.HasSuffix(part.Op, "-"):
			b.WriteString(part.Word)
		default:
			b.WriteString(seal.Of(part.Name))
		}
	}
	return readSecret().ReplaceAllString(b.String(), seal.Of("secret"))
}

// variables judges the variables of every service.
func (s *scan) variables(model map[string]any) {
	services, _ := model["services"].(map[string]any)
	for _, name := range sortedNames(services) {
		service, _ := services[name].(map[string]any)
		image, _ := service["image"].(string)
		for _, entry := range entriesOf(service["environment"]) {
			path := "services." + name + ".environment." + entry.name
			if entry.text == "" || seal.Has(entry.text) {
				continue // sealed as a whole: the rest of a text with a secret in it is compared by Bytes
			}
			finding := verdict.Policy{}.Judge(verdict.Candidate{Service: name, Image: image, Name: entry.name, Value: secret.NewValue(entry.text)})
			if finding.Verdict == transform.Secret {
				s.place(path, []secret.Value{secret.NewValue(entry.text)})
			}
		}
	}
}

// namedText is one entry of environment:.
type namedText struct{ name, text string }

// entriesOf reads either form of environment:, in order of name for a mapping.
func entriesOf(value any) []namedText {
	var all []namedText
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedNames(v) {
			text, _ := v[name].(string)
			all = append(all, namedText{name, text})
		}
	case []any:
		for _, item := range v {
			text, _ := item.(string)
			name, value, _ := strings.Cut(text, "=")
			all = append(all, namedText{name, value})
		}
	}
	return all
}

func sortedNames(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
