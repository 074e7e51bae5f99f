package vault

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List follows the folders below base's path.
func (v *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := v.list(ctx, base)
	if err != nil {
		return nil, listFault(base, err)
	}
	return refs, nil
}

func (v *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.Arguments(base); err != nil {
		return nil, err
	}
	if trimmed := strings.TrimSuffix(base.Path, "/"); slices.ContainsFunc(strings.Split(trimmed, "/"), oddSegment) {
		return nil, errPath
	}
	session, err := v.open(ctx)
	if err != nil {
		return nil, err
	}
	mount, prefix, err := session.mount(ctx, base.Path)
	if err != nil {
		return nil, err
	}
	names, err := session.below(ctx, mount, prefix)
	if err != nil {
		return nil, err
	}
	refs := make([]secret.Reference, len(names))
	for i, name := range names {
		refs[i] = secret.Reference{Scheme: v.Scheme(), Path: mount.path + name}
	}
	return refs, nil
}

// below is every path of the mount that begins with prefix, sorted.
func (s *session) below(ctx context.Context, mount mount, prefix string) ([]string, error) {
	var found []string
	folders := []string{folder(prefix)}
	for len(folders) > 0 {
		listed := make([][]string, len(folders))
		faults := make([]error, len(folders))
		store.Fan(len(folders), store.Calls, func(i int) { listed[i], faults[i] = s.names(ctx, mount, folders[i]) })
		if err := errors.Join(faults...); err != nil {
			return nil, faults[slices.IndexFunc(faults, func(err error) bool { return err != nil })]
		}
		var next []string
		for i, folder := range folders {
			for _, name := range listed[i] {
				switch whole := folder + name; {
				case strings.HasSuffix(name, "/") && (strings.HasPrefix(whole, prefix) || strings.HasPrefix(prefix, whole)):
					next = append(next, whole)
				case !strings.HasSuffix(name, "/") && strings.HasPrefix(whole, prefix):
					found = append(found, whole)
				}
			}
		}
		folders = next
	}
	slices.Sort(found)
	return found, nil
}

// folder is name up to its last slash.
func folder(name string) string { return name[:strings.LastIndex(name, "/")+1] }

// names is what lies in folder, which is "" or ends in "/": paths, and folders with
// a "/" at the end. None when there is no such folder.
func (s *session) names(ctx context.Context, mount mount, folder string) ([]string, error) {
	answer, err := s.client.Logical().ListWithContext(ctx, mount.names(folder))
	if err != nil {
		return nil, s.refused(ctx, err, mount, mount.names(folder), "list")
	}
	if answer == nil {
		return nil, nil
	}
	keys, _ := answer.Data["keys"].([]any)
	var names []string
	for _, key := range keys {
		if name, isText := key.(string); isText {
			names = append(names, name)
		}
	}
	return names, nil
}
