package recall

import (
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/transform"
)

// Lost returns the paths at which the stack file reads a secret whose value is not here,
// and content, the new one, has a text that is not in it: it may be that value. They are
// sorted.
func (m *Memory) Lost(content []byte) []string {
	if m == nil || len(m.lacking) == 0 {
		return nil
	}
	before, after := m.tree(), treeOf(content)
	var lost []string
	for name := range asMap(before["services"]) {
		if m.lostCommand(name, commandsOf(before, name), commandsOf(after, name)) {
			lost = append(lost, "services."+name)
		}
	}
	lost = append(lost, m.lostTexts(before, after)...)
	slices.Sort(lost)
	return lost
}

// lostCommand tells whether the commands of a service do not read a file any more that
// they did, and have a word instead.
func (m *Memory) lostCommand(service, before, after string) bool {
	isNew := func(word string) bool { return len(word) >= minCopy && !strings.Contains(before, word) }
	for _, part := range commandPart().FindAllStringSubmatch(before, -1) {
		name := m.readAs(service, strings.TrimPrefix(part[2], transform.SecretsDir))
		if name != "" && m.lacks(name) && !strings.Contains(after, part[2]) && slices.ContainsFunc(wordsOf(after), isNew) {
			return true
		}
	}
	return false
}

// lostTexts are the texts with ${NAME} of a secret, and the templates of configs, that
// are something else now.
func (m *Memory) lostTexts(before, after map[string]any) []string {
	now, known := map[string]string{}, map[string]bool{}
	transform.EachText(after, func(path, text string) { now[path] = text })
	transform.EachText(before, func(_, text string) { known[text] = true })
	var lost []string
	transform.EachText(before, func(path, text string) {
		for _, part := range inlinedPart().FindAllStringSubmatch(text, -1) {
			_, inlined := m.inlined[part[1]]
			if inlined && m.lacks(strings.ToLower(part[1])) && now[path] != "" && !strings.Contains(now[path], part[0]) && !known[now[path]] {
				lost = append(lost, path)
				return
			}
		}
		config, isTemplate := strings.CutSuffix(path, ".x-template")
		if isTemplate && strings.HasPrefix(path, "configs.") && m.lostConfig(text, asMap(asMap(after["configs"])[strings.TrimPrefix(config, "configs.")])) {
			lost = append(lost, config)
		}
	})
	return lost
}

// lostConfig tells whether a config was made of a secret that is not here, and shows a
// text now.
func (m *Memory) lostConfig(template string, now map[string]any) bool {
	if now["x-content"] == nil && now["x-from"] == nil {
		return false
	}
	return slices.ContainsFunc(templatePart().FindAllStringSubmatch(template, -1), func(part []string) bool {
		name := m.readAs("", part[1])
		return name != "" && m.lacks(name)
	})
}
