package lower

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/format"
)

// mount is one entry of volumes. long is its long form, lowered.
type mount struct {
	at     place
	target string // cleaned; no two mounts of a service have the same
	long   map[string]any
}

func lowerVolumes(l *lowering, at place, value any) (any, bool) {
	list, ok := value.([]any)
	if !ok {
		l.refuse(at, "not a list")
	}
	for i, entry := range list {
		if in, ok := l.mountSpec(at.item(i), entry); ok {
			l.mount(at.item(i), in)
		}
	}
	return nil, false
}

// mountSpec takes the long form, which compose-go makes of every mount, and the
// short one, which Lower makes of most.
func (l *lowering) mountSpec(at place, entry any) (map[string]any, bool) {
	if long, ok := entry.(map[string]any); ok {
		return long, true
	}
	short, _ := entry.(string)
	v, err := format.ParseVolume(short)
	if err != nil {
		l.refuse(at, "not a volume")
		return nil, false
	}
	long := map[string]any{"type": v.Type, "source": v.Source, "target": v.Target, "read_only": v.ReadOnly}
	if v.Bind != nil {
		long["bind"] = map[string]any{"propagation": v.Bind.Propagation, "selinux": v.Bind.SELinux}
	}
	if v.Volume != nil {
		long["volume"] = map[string]any{"nocopy": v.Volume.NoCopy}
	}
	return long, true
}

func (l *lowering) mount(at place, in map[string]any) {
	if in["type"] == "image" {
		l.lose(at, "no-equivalent", "dropped: Swarm mounts no images; copy the files into the service's image or a volume")
		return
	}
	long := l.object(at, in)
	for _, key := range []string{"source", "target"} {
		if s, _ := long[key].(string); s != "" {
			long[key] = l.escaped(at.key(key), s)
		} else {
			delete(long, key)
		}
	}
	for _, key := range []string{"bind", "volume", "tmpfs"} {
		prune(long, key)
	}
	if long["read_only"] == false {
		delete(long, "read_only")
	}
	if !l.checkMount(at, long) {
		return
	}
	if volume, _ := long["volume"].(map[string]any); volume["subpath"] != nil {
		l.note(at.key("volume").key("subpath"), "recent-engine", "needs an Engine of 26 or later on every node: an older one mounts the whole volume")
	}
	target, _ := long["target"].(string)
	at.svc.mounts = append(at.svc.mounts, mount{at, path.Clean(target), long})
}

// prune takes out of the options at key what says nothing, and then the key.
func prune(long map[string]any, key string) {
	options, _ := long[key].(map[string]any)
	for name, v := range options {
		if !says(v) {
			delete(options, name)
		}
	}
	if len(options) == 0 {
		delete(long, key)
	}
}

// relative is a path that begins with the name of a folder, on no drive of Windows.
var relative = regexp.MustCompile(`^[\w-][^:\\]*$`)

func (l *lowering) checkMount(at place, long map[string]any) bool {
	if !slices.Contains([]any{"bind", "volume", "tmpfs", "npipe", "cluster"}, long["type"]) {
		l.refuse(at.key("type"), "not one of bind, volume, tmpfs, npipe, cluster, image")
		return false
	}
	if long["target"] == nil {
		l.refuse(at, "no target")
		return false
	}
	if long["type"] != "bind" {
		return true
	}
	if long["source"] == nil {
		l.refuse(at, "no source")
		return false
	}
	src, _ := long["source"].(string)
	if relative.MatchString(src) {
		long["source"] = "./" + src // includes and extends leave it bare, which in short is a volume
	}
	if src != "/var/run/docker.sock" {
		l.note(at, "bind-path", "Swarm does not create bind paths; create it, with the same content, on every node that runs the service")
	}
	return true
}

func (s *service) mounted(target string) bool {
	return slices.ContainsFunc(s.mounts, func(m mount) bool { return m.target == path.Clean(target) })
}

// entry returns the short form if it says everything and reads back as the same, else the
// long one.
func (m mount) entry() any {
	source, _ := m.long["source"].(string)
	target, _ := m.long["target"].(string)
	short := target
	if source != "" {
		short = source + ":" + target
	}
	plain := len(m.long) - len(onlyKeys(m.long, "type", "source", "target", "read_only"))
	if plain != 0 || strings.Contains(source+target, ":") || source == "" && m.long["read_only"] == true {
		return m.long
	}
	if v, err := format.ParseVolume(short); err != nil || v.Type != m.long["type"] || v.Source != source || v.Target != target {
		return m.long
	}
	if m.long["read_only"] == true {
		short += ":ro"
	}
	return short
}

func onlyKeys(m map[string]any, keys ...string) map[string]any {
	out := map[string]any{}
	for _, key := range keys {
		if v, ok := m[key]; ok {
			out[key] = v
		}
	}
	return out
}
