package swarm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/internal/lazyregexp"
	"github.com/docker-secrets/docker-secrets/secret"
)

var versionSuffix = lazyregexp.New(`^(.+)_v([0-9]{1,9})$`) //nolint:gochecknoglobals // compiled once, never written

// splitVersion takes a name apart: db_password_v3 is version 3 of db_password.
// A name without such an end is version 1 of itself.
func splitVersion(name string) (base string, version int) {
	match := versionSuffix().FindStringSubmatch(name)
	if match == nil {
		return name, 1
	}
	version, err := strconv.Atoi(match[2])
	if err != nil || version < 2 {
		return name, 1
	}
	return match[1], version
}

// base returns the name of w's first version. The end of a pin is a version, unless it
// belongs to the logical name: api_v2 and prod_api_v2 are first versions of a secret that
// is called api_v2.
func (w Want) base() string {
	if strings.HasSuffix(w.objectName(), w.Name) {
		return w.objectName()
	}
	base, _ := splitVersion(w.objectName())
	return base
}

// version returns the version in the object's name: 1 if the name ends in the logical one.
func (w Want) version() int {
	if strings.HasSuffix(w.objectName(), w.Name) {
		return 1
	}
	_, version := splitVersion(w.objectName())
	return version
}

// versionName returns base with a version, shortened where Swarm's limit asks for it.
func versionName(base string, version int) string {
	if version == 1 {
		return base
	}
	suffix := "_v" + strconv.Itoa(version)
	return base[:min(len(base), secret.MaxNameLen-len(suffix))] + suffix
}

// base returns the name of o's first version, as far as it was not shortened.
func (o Object) base() string { return strings.TrimSuffix(o.Name, "_v"+strconv.Itoa(o.Owner.Version)) }

// ours returns the versions of w that we created for the snapshot's stack, the
// newest first.
func (s State) ours(w Want) []Object {
	var versions []Object
	for i := range s.Objects {
		if object := &s.Objects[i]; object.Kind == w.Kind && object.Owner.Secret == w.Name && object.Owner.Stack == s.Stack {
			versions = append(versions, *object)
		}
	}
	slices.SortStableFunc(versions, func(a, b Object) int { return cmp.Compare(b.Owner.Version, a.Owner.Version) })
	return versions
}

// candidates returns the objects that may be w: what the stack's services use
// now first, then what the stack file names, then our other versions, the newest
// first. An object of another stack is none, unless it isShared.
func (s State) candidates(w Want) []Object {
	all := s.ours(w)
	for _, name := range []string{w.Name, w.objectName()} {
		object, found := s.find(w.Kind, name)
		if !found || s.isOthers(object) && !s.isShared(w, object) || slices.ContainsFunc(all, func(o Object) bool { return o.ID == object.ID }) {
			continue
		}
		// The plain name is of interest beside a pin only when it is ours or in use.
		if name == w.objectName() || s.runs(object) || w.Share {
			all = append(all, object)
		}
	}
	rank := func(o Object) int {
		switch {
		case s.runs(o):
			return 0
		case o.Name == w.objectName():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b Object) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// runs reports whether a service of the snapshot's stack refers to o.
func (s State) runs(o Object) bool {
	for i := range s.Services {
		spec := &s.Services[i].Spec
		if spec.Labels[stackLabel] == s.Stack && refersTo(spec.TaskTemplate, o) {
			return true
		}
	}
	return false
}

// newName returns the name and version for a value of w that is not on the Swarm yet. The
// name that the stack file gives is taken where it is free and newer than all versions;
// otherwise the version is the next above all that are known, of whomever, and its name
// is free.
func (s State) newName(w Want) (name string, version int) {
	ours := s.ours(w)
	newest := 0
	if len(ours) > 0 {
		newest = ours[0].Owner.Version
	}
	object, taken := s.find(w.Kind, w.objectName())
	if !taken && w.version() > newest {
		return w.objectName(), w.version()
	}
	base, version := w.base(), max(newest, w.version())+1
	switch {
	case len(ours) > 0 && w.Pin == "":
		base = ours[0].base()
	case len(ours) == 0 && s.isOthers(object):
		base, version = s.ownName(w.base()), 1
	}
	for ; ; version++ {
		name = versionName(base, version)
		if _, taken = s.find(w.Kind, name); !taken {
			return name, version
		}
	}
}
