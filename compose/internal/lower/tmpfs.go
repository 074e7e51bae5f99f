package lower

import (
	"errors"
	"path"
	"slices"
	"strings"
)

func tmpfsSize(value any) (any, error) {
	bytes, err := sizeInBytes(value)
	if err != nil || bytes < 0 {
		return nil, errors.New("not a size; write a number of bytes or one with a unit, such as 64m")
	}
	return optional(bytes > 0, int(bytes)), nil
}

func tmpfsMode(l *lowering, at place, value any) (any, bool) {
	if mode, ok := whole(value); !ok || mode != 0o1777 {
		l.lose(at, "no-equivalent", "dropped: a tmpfs of a stack has mode 1777")
	}
	return nil, false
}

// lowerTmpfs makes mounts of PATH[:OPTIONS]. The short key is accepted by docker
// stack deploy and never mounted.
func lowerTmpfs(l *lowering, at place, value any) (any, bool) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for i, entry := range list {
		here := at
		if ok {
			here = at.item(i)
		}
		spec, _ := entry.(string)
		target, options, _ := strings.Cut(spec, ":")
		if target == "" {
			l.refuse(here, "not a PATH or PATH:OPTIONS")
			continue
		}
		l.tmpfs(here, target, l.tmpfsOptions(here, options))
	}
	return nil, false
}

// tmpfsOptions returns the mount options that a stack can express: the size.
func (l *lowering) tmpfsOptions(at place, options string) any {
	var bytes any
	for option := range strings.SplitSeq(options, ",") {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "", "rw", "noexec", "nosuid", "nodev":
			continue // the defaults
		case "size":
			v, err := tmpfsSize(value)
			if err == nil {
				bytes = v
				continue
			}
		case "mode":
			if strings.TrimLeft(value, "0") == "1777" {
				continue
			}
		}
		l.lose(at, "tmpfs-option", "a stack's tmpfs has a size in bytes and nothing else; the option "+known(name, "mode", "uid", "gid", "exec", "suid", "dev", "ro", "size")+" is dropped")
	}
	return bytes
}

// known returns word if it is one of words, else a text that does not quote it.
func known(word string, words ...string) string {
	if slices.Contains(words, word) {
		return word
	}
	return "that it does not know"
}

func (l *lowering) tmpfs(at place, target string, bytes any) {
	if at.svc.mounted(target) {
		l.note(at, "mounted-already", "dropped: volumes mounts something there already")
		return
	}
	long := map[string]any{"type": "tmpfs", "target": target}
	if bytes != nil {
		long["tmpfs"] = map[string]any{"size": bytes}
	}
	at.svc.mounts = append(at.svc.mounts, mount{at, path.Clean(target), long})
	l.note(at, "moved", "now a tmpfs under volumes")
}

func lowerShmSize(l *lowering, at place, value any) (any, bool) {
	bytes, err := tmpfsSize(value)
	if err != nil {
		l.refuse(at, err.Error())
	} else if bytes != nil {
		l.tmpfs(at, "/dev/shm", bytes)
	}
	return nil, false
}
