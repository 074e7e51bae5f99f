package compose

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// A password "postgres" or "1234" cannot be replaced wherever it is: the same word is a
// user, a database or a number. So it is only looked for where a text may repeat it, and
// a person has to tell.

// common is a value that is too common to be replaced.
type common struct {
	secret string
	value  secret.Value
	named  bool // the application calls something else so
}

// Common reports the texts of s in which the value of a secret also is that is too common
// to be replaced, in order of the secrets and of path. One whose value is a name of the
// application too, its user or its image, is no loss: most probably that is meant.
// plain tells whether the owner calls a variable of a service plain.
func (s *SealedApplication) Common(sealing classify.Sealing, plain func(service, variable string) bool) []transform.Warning {
	var all []transform.Warning
	names := sync.OnceValue(s.ownNames) // most applications have no such value
	for _, held := range sealing.Values() {
		if !isCommon(held.Value) {
			continue
		}
		c := common{secret: held.Secret, value: held.Value, named: names()[strings.ToLower(held.Value.Reveal())]}
		for _, at := range s.repeating(c) {
			service := transform.ServiceOf(at)
			name, isVariable := strings.CutPrefix(at, "services."+service+".environment.")
			if !sealing.PlainPath(at) && !(isVariable && plain(service, name)) {
				all = append(all, s.commonWarning(c, at))
			}
		}
	}
	return all
}

// repeating are the paths of the texts that have c, in order.
func (s *SealedApplication) repeating(c common) []string {
	var paths []string
	before := ""
	transform.EachText(s.Model, func(path, text string) {
		if !strings.HasSuffix(path, "]") || strings.HasSuffix(path, "[0]") || before == "CMD" || before == "CMD-SHELL" || !isRun(path) {
			before = ""
		}
		if repeats(path) && c.isIn(path, before, text) {
			paths = append(paths, entryPath(path, text))
		}
		before = text
	})
	return paths
}

func (s *SealedApplication) commonWarning(c common, path string) transform.Warning {
	return transform.Warning{
		Code: "common-value", Service: transform.ServiceOf(path), Path: s.Layout.Line(path), Loss: !c.named,
		Message: fmt.Sprintf("the value of %s is too common to be replaced, and is here too; change the value, or mark this place as plain in x-docker-secrets", c.secret),
	}
}

// isCommon tells whether v is such a value, and long enough not to be found by chance.
func isCommon(v secret.Value) bool {
	_, managed := secret.Managed(v.Reveal())
	return !managed && v.Len() >= 4 && !verdict.Distinctive(v) && !strings.ContainsAny(v.Reveal(), " \n")
}

// repeats tells whether the text at path may repeat a value, and is no name of something.
func repeats(path string) bool {
	keys := strings.Split(path, ".")
	switch {
	case keys[0] == "configs":
		return strings.HasSuffix(path, ".content")
	case len(keys) < 4 && keys[0] != "services":
		return false
	case keys[0] == "services":
		keys = keys[2:]
	default:
		keys = keys[2:]
	}
	if len(keys) > 1 && keys[0] == "deploy" {
		keys = keys[1:]
	}
	block, _, _ := strings.Cut(keys[0], "[")
	return slices.Contains([]string{"environment", "labels", "annotations", "command", "entrypoint", "healthcheck", "logging", "driver_opts"}, block)
}

// isIn tells whether text, at path, has c as a word that names nothing. In a command given
// as a list, before is the word before text.
func (c common) isIn(path, before, text string) bool {
	word := c.value.Reveal()
	name, value := entryAt(path, text)
	if name != "" && (describes(name, c.value) || c.named && value == word) {
		return false
	}
	for start := 0; ; {
		i := strings.Index(value[start:], word)
		if i < 0 {
			return false
		}
		from, to := start+i, start+i+len(word)
		if stands(value, from, to) && !isNamed(before+" "+value[:from], isRun(path)) {
			return true
		}
		start = to
	}
}

// entryAt is the name and the value of an entry of a mapping or of a list of NAME=VALUE;
// other texts have no name.
func entryAt(path, text string) (name, value string) {
	if isRun(path) || strings.HasPrefix(path, "configs.") {
		return "", text
	}
	if name, value, found := strings.Cut(text, "="); found && strings.HasSuffix(path, "]") {
		return name, value
	}
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[i+1:], text
	}
	return "", text
}

// entryPath is path, or that of the variable in a list of NAME=VALUE.
func entryPath(path, text string) string {
	i := strings.LastIndexByte(path, '[')
	if i < 0 || !strings.HasSuffix(path[:i], ".environment") {
		return path
	}
	name, _, _ := strings.Cut(text, "=")
	return path[:i] + "." + name
}

// isRun tells whether a container runs the text at path.
func isRun(path string) bool {
	return strings.Contains(path, ".command") || strings.Contains(path, ".entrypoint") || strings.Contains(path, ".healthcheck")
}

// describes tells whether a rule says that what is called name says who or where.
func describes(name string, value secret.Value) bool {
	finding := verdict.Policy{}.JudgeKey(verdict.Candidate{Name: name, Value: value})
	return strings.HasPrefix(finding.Rule, "veto:")
}

// isIdentity tells whether what is called name says who.
func isIdentity(name, text string) bool {
	return verdict.Policy{}.JudgeKey(verdict.Candidate{Name: name, Value: secret.NewValue(text)}).Rule == "veto:identity"
}

// stands tells whether text[from:to] is a word of its own, and no part of a path, a host
// or another word.
func stands(text string, from, to int) bool {
	const joins = "_./@-"
	before, after := byte(' '), byte(' ')
	if from > 0 {
		before = text[from-1]
	}
	if to < len(text) {
		after = text[to]
	}
	isWord := func(b byte) bool { return isWordRune(rune(b)) || b >= 0x80 || strings.IndexByte(joins, b) >= 0 }
	return !isWord(before) && !isWord(after) && after != ':'
}

// isNamed tells whether what comes behind before is a name: of a program, or behind a flag
// or a key that says so.
func isNamed(before string, runs bool) bool {
	before = strings.TrimRight(before, " \t\"'")
	if before == "" {
		return runs
	}
	before = before[strings.LastIndexAny(before, " \t\n\"',;&|(")+1:]
	key := strings.Trim(before, "-:=")
	switch {
	case slices.Contains([]string{"-U", "-u", "-d", "-D", "-h", "-n", "-N"}, before):
		return true
	case key == "" || before == key && key != "exec":
		return false // a word, and no key
	}
	return describes(key, secret.NewValue("x")) || slices.Contains([]string{"exec", "user", "username", "dbname", "database", "host", "role", "owner"}, key)
}

// ownNames are the names that the application has for itself, in lower case: its services,
// images, volumes and networks, and what its variables call users and databases.
func (s *SealedApplication) ownNames() map[string]bool {
	names := map[string]bool{strings.ToLower(s.Name): true}
	for _, kind := range []string{"services", "volumes", "networks", "configs", "secrets"} {
		for name := range mapping(s.Model[kind]) {
			names[strings.ToLower(name)] = true
		}
	}
	for _, value := range mapping(s.Model["services"]) {
		service := mapping(value)
		image, _, _ := strings.Cut(path.Base(asText(service["image"])), ":")
		names[strings.ToLower(image)] = true
		for name, text := range environmentEntries(service["environment"]) {
			if text := asText(text); strings.Trim(text, "0123456789") != "" && isIdentity(name, text) {
				names[strings.ToLower(text)] = true
			}
		}
	}
	return names
}
