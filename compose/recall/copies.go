package recall

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
)

// minCopy is the least length in bytes of a text that may be the value of a secret.
const minCopy = 4

var (
	inlinedPart = lazyregexp.New(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)             //nolint:gochecknoglobals // never written
	commandPart = lazyregexp.New(`(\S*)\$\(cat (/run/secrets/[^)\s]+)\)(\S*)`) //nolint:gochecknoglobals // never written
)

// copies is compose.Recalled.Copies: where the stack file reads a secret of lacking and
// the model has a text, that text is its value.
func (m *Memory) copies(model map[string]any, lacking []secret.Value) []classify.Sealed {
	m.lacking = lacking
	found := map[string]string{} // by secret
	note := func(name, text string) {
		if m.lacks(name) && len(text) >= minCopy && !m.Placeholder(text) && found[name] == "" {
			found[name] = text
		}
	}
	m.inTexts(model, note)
	for name, value := range asMap(model["services"]) {
		m.inCommands(name, asMap(value), note)
	}
	var all []classify.Sealed
	for _, name := range slices.Sorted(maps.Keys(found)) {
		value := secret.NewValue(found[name])
		m.partial = append(m.partial, value)
		all = append(all, classify.Sealed{Secret: name, Value: value})
	}
	return all
}

// lacks tells whether the value of the secret is not here.
func (m *Memory) lacks(name string) bool { return slices.ContainsFunc(m.lacking, m.value(name).Equal) }

// inTexts notes the values of ${NAME} in labels, options and names, and those in configs.
func (m *Memory) inTexts(model map[string]any, note func(name, text string)) {
	written := map[string]string{}
	transform.EachText(model, func(path, text string) { written[path] = text })
	transform.EachText(m.tree(), func(path, text string) {
		if isCommand(path) {
			return
		}
		m.aligned(text, inlinedPart(), written[path], func(name, text string) {
			if _, inlined := m.inlined[name]; inlined {
				note(strings.ToLower(name), text)
			}
		})
		config, isTemplate := strings.CutSuffix(path, ".x-template")
		if isTemplate && strings.HasPrefix(path, "configs.") {
			m.aligned(text, templatePart(), written[config+".content"], func(target, text string) {
				if name := m.readAs("", target); name != "" {
					note(name, text)
				}
			})
		}
	})
}

// aligned calls note with what text has where pattern has one of holes, whose first group
// is the name of the hole.
func (m *Memory) aligned(pattern string, holes *regexp.Regexp, text string, note func(name, text string)) {
	var names []string
	var expression strings.Builder
	start := 0
	for _, at := range holes.FindAllStringSubmatchIndex(pattern, -1) {
		expression.WriteString(regexp.QuoteMeta(asWritten(pattern[start:at[0]])) + `(.+?)`)
		names = append(names, pattern[at[2]:at[3]])
		start = at[1]
	}
	if len(names) == 0 || text == "" {
		return
	}
	whole, err := regexp.Compile(`(?s)^` + expression.String() + regexp.QuoteMeta(asWritten(pattern[start:])) + `$`)
	if err != nil {
		return // too long for a pattern
	}
	if parts := whole.FindStringSubmatch(text); parts != nil {
		for i, name := range names {
			note(name, parts[i+1])
		}
	}
}

// asWritten is a stretch of a stack file's text, or of a template, as the author has it.
func asWritten(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "$$", "$"), `{{"{{"}}`, "{{")
}

// readAs is the secret that the service called of has as the file target, or with of ""
// the first service that has one; "" for none.
func (m *Memory) readAs(of, target string) string {
	for _, name := range slices.Sorted(maps.Keys(m.services)) {
		service := m.services[name]
		if of != "" && of != name && !slices.Contains(service.Aliases, of) {
			continue
		}
		if at := slices.IndexFunc(service.Secrets, func(mount stackfile.Mount) bool { return mount.Target == target }); at >= 0 {
			return m.original(service, service.Secrets[at].Name)
		}
	}
	return ""
}

// inCommands notes the one word of each command of a service that the stack file does not
// have, where it reads a file.
func (m *Memory) inCommands(name string, service map[string]any, note func(name, text string)) {
	words := map[string]bool{}
	for _, value := range []any{service["command"], service["entrypoint"], asMap(service["healthcheck"])["test"]} {
		for _, word := range wordsOf(value) {
			words[word] = true
		}
	}
	old := commandsOf(m.tree(), name)
	for _, part := range commandPart().FindAllStringSubmatch(old, -1) {
		secretName := m.readAs(name, strings.TrimPrefix(part[2], transform.SecretsDir))
		before, after := unquoted(part[1]), unquoted(part[3])
		var candidates []string
		known := secretName == ""
		for word := range words {
			known = known || strings.Contains(word, m.value(secretName).Reveal())
			within := strings.HasPrefix(word, before) && strings.HasSuffix(word, after) && len(word) >= len(before)+len(after)+minCopy
			if within && !strings.Contains(old, word) && !strings.Contains(before+after, "$(") {
				candidates = append(candidates, word[len(before):len(word)-len(after)])
			}
		}
		if len(candidates) == 1 && !known {
			note(secretName, candidates[0])
		}
	}
}

// commandsOf is all that the container of the service of a stack file runs.
func commandsOf(stack map[string]any, service string) string {
	of := asMap(asMap(stack["services"])[service])
	var all []string
	for _, command := range []any{of["command"], of["entrypoint"], asMap(of["healthcheck"])["test"]} {
		all = append(all, textsOf(command)...)
		all = append(all, wordsOf(command)...)
	}
	return asWritten(strings.Join(all, "\n"))
}

func isCommand(path string) bool {
	for _, key := range []string{"command", "entrypoint", "healthcheck.test"} {
		if service := transform.ServiceOf(path); service != "" && strings.HasPrefix(path, "services."+service+"."+key) {
			return true
		}
	}
	return false
}

// wordsOf are the stretches without blanks of a command, without quotes.
func wordsOf(command any) []string {
	var all []string
	for _, text := range textsOf(command) {
		for word := range strings.FieldsSeq(text) {
			all = append(all, unquoted(word))
		}
	}
	return all
}

func unquoted(word string) string { return strings.NewReplacer(`"`, "", `'`, "").Replace(word) }

func textsOf(command any) []string {
	switch v := command.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, fmt.Sprint(item))
		}
		return all
	}
	return nil
}

// tree is the stack file as maps, lists and texts.
func (m *Memory) tree() map[string]any { return treeOf(m.content) }

func treeOf(content []byte) map[string]any {
	docs, err := document.ParseFlat("", content)
	if err != nil || len(docs) != 1 {
		return nil
	}
	var tree map[string]any
	if docs[0].Decode(&tree) != nil {
		return nil
	}
	return tree
}

func asMap(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}
