package recall

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

// Sources resolves references to places of this machine, in order. An error quotes no
// value.
type Sources func(refs []secret.Reference) ([]secret.Value, []error)

// Memory is what one stack file tells.
type Memory struct {
	Made     stackfile.Made
	services map[string]stackfile.Service
	secrets  map[string]stackfile.Object
	inlined  map[string]stackfile.Inline
	endsLine map[string]bool // by target: a command or healthcheck keeps the line end of its value
	content  []byte
	stack    string
	folder   string
	sources  Sources
	values   map[string]secret.Value // by secret: its value, or what takes its place
	absent   map[string]bool         // the placeholders among them
	lacking  []secret.Value          // those of absent that the application took
	partial  []secret.Value          // the others: not all places that have them are here
}

// keptLineEnd is how a rewritten text reads a file whose line end it keeps
// (transform/shell).
var keptLineEnd = lazyregexp.New(`cat /run/secrets/([^;"'\s]+); echo \.`) //nolint:gochecknoglobals // never written

// Open reads content, the bytes of a stack file in folder, an absolute path. It returns
// nil for a file that docker secrets did not write, or that cannot be read: nothing is
// recalled then.
func Open(content []byte, folder string, sources Sources) *Memory {
	state, _ := stackfile.Inspect(content)
	if state != stackfile.Ours && state != stackfile.Edited {
		return nil
	}
	stack, services, err := stackfile.ParseServices(content)
	if err != nil {
		return nil
	}
	m := &Memory{Made: stack.Made, services: services, content: content, stack: stack.Name, folder: folder, sources: sources, secrets: map[string]stackfile.Object{}, inlined: map[string]stackfile.Inline{}, absent: map[string]bool{}, values: map[string]secret.Value{}}
	m.endsLine = map[string]bool{}
	for _, found := range keptLineEnd().FindAllSubmatch(content, -1) {
		m.endsLine[string(found[1])] = true
	}
	for _, object := range stack.Objects {
		if !object.Config {
			m.secrets[object.Name] = object
		}
	}
	for _, inline := range stack.Inlined {
		m.inlined[inline.Name] = inline
	}
	return m
}

// Recalled is m for compose.Load.
func (m *Memory) Recalled() *compose.Recalled {
	r := &compose.Recalled{
		Flags: m.flags(), Stack: m.stack, Variables: map[string]secret.Value{}, Secrets: map[string]secret.Value{}, EnvFile: m.envFile,
		HasSecret: m.hasSecret, MadeOfConfig: m.madeOfConfig, Copies: m.copies,
	}
	for name, text := range m.Made.Variables {
		r.Variables[name] = secret.NewValue(text)
	}
	for name, object := range m.secrets {
		if m.wasUnset(name) {
			continue
		}
		m.addVariables(r, name, object.From)
		if object.Template || !slices.ContainsFunc(object.From, func(ref secret.Reference) bool { return !ref.IsManaged() }) {
			r.Secrets[name] = m.value(name)
		}
	}
	for name, inline := range m.inlined {
		m.addVariables(r, strings.ToLower(name), inline.From)
	}
	for _, name := range m.names() {
		if m.wasUnset(name) {
			continue
		}
		if value := m.value(name); m.Placeholder(value.Reveal()) {
			r.Held = append(r.Held, value)
		}
	}
	return r
}

// wasUnset tells whether the secret had no value when the file was made: there is
// nothing to recall, and the application says the same again.
func (m *Memory) wasUnset(name string) bool { return slices.Contains(m.Made.Unset, name) }

// addVariables adds the variables of the project that refs name.
func (m *Memory) addVariables(r *compose.Recalled, name string, refs []secret.Reference) {
	for _, ref := range refs {
		if ref.Scheme == "env" {
			r.Variables[ref.Path] = m.value(name)
		}
	}
}

// flags are the flags that the file was made with, with absolute paths.
func (m *Memory) flags() compose.Flags {
	return compose.Flags{
		Files: m.inFolder(m.Made.Files), EnvFiles: m.inFolder(m.Made.EnvFiles), Profiles: m.Made.Profiles,
		Name: m.Made.Name, ProjectDir: strings.Join(m.inFolder(nonEmpty(m.Made.ProjectDir)), ""),
	}
}

func (m *Memory) inFolder(paths []string) []string {
	var all []string
	for _, path := range paths {
		if path = filepath.FromSlash(path); !filepath.IsAbs(path) {
			path = filepath.Join(m.folder, path)
		}
		all = append(all, path)
	}
	return all
}

// placeholderLen is the length in bytes of a placeholder: "kept" and 16 bytes in hex.
const placeholderLen = len(placeholderStart) + 2*16

const placeholderStart = "kept"

func placeholderOf(name string) string {
	sum := sha256.Sum256([]byte("the secret " + name))
	return placeholderStart + hex.EncodeToString(sum[:16])
}

// value is the value of the secret, if a place other than its variable has it here, or
// else a placeholder.
func (m *Memory) value(name string) secret.Value {
	if value, known := m.values[name]; known {
		return value
	}
	value, here := m.elsewhere(name)
	if here {
		m.partial = append(m.partial, value)
	} else {
		placeholder := placeholderOf(name)
		m.absent[placeholder], value = true, secret.NewValue(placeholder)
	}
	m.values[name] = value
	return value
}

// elsewhere reads the value of the secret where a compose file holds it too.
func (m *Memory) elsewhere(name string) (secret.Value, bool) {
	var refs []secret.Reference
	for _, ref := range m.secrets[name].From {
		if ref.Scheme == "compose" {
			refs = append(refs, ref)
		}
	}
	if len(refs) == 0 || len(refs) == len(m.secrets[name].From) {
		return secret.Value{}, false
	}
	values, faults := m.sources(refs)
	for i, value := range values {
		if faults[i] == nil && !value.Empty() {
			return value, true
		}
	}
	return secret.Value{}, false
}

// Used says which values the application took from m: the others are here.
func (m *Memory) Used(values []secret.Value) {
	if m != nil {
		used := secret.NewSet(values)
		m.partial = slices.DeleteFunc(m.partial, func(value secret.Value) bool { return !used.Has(value) })
	}
}

// Absent tells whether text is made with a value that is not here, or not at all places
// that the stack file names: neither can be proved.
func (m *Memory) Absent(text string) bool {
	return m.Placeholder(text) || m != nil && slices.ContainsFunc(m.partial, secret.NewValue(text).Equal)
}

// Placeholder tells whether text holds what takes the place of a value that is not here.
func (m *Memory) Placeholder(text string) bool {
	if m == nil || len(m.absent) == 0 {
		return false
	}
	for {
		start := strings.Index(text, placeholderStart)
		if start < 0 || len(text)-start < placeholderLen {
			return false
		}
		if m.absent[text[start:start+placeholderLen]] {
			return true
		}
		text = text[start+1:]
	}
}

func nonEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// names are the secrets of the file, also those that it holds inline, sorted.
func (m *Memory) names() []string {
	names := slices.Collect(maps.Keys(m.secrets))
	for name := range m.inlined {
		names = append(names, strings.ToLower(name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
