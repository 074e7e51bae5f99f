package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List lists the folders below base's path too.
func (v *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := v.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (v *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.CheckArguments(base); err != nil {
		return nil, err
	}
	if trimmed := strings.TrimSuffix(base.Path, "/"); slices.ContainsFunc(strings.Split(trimmed, "/"), isOddSegment) {
		return nil, errPath
	}
	s, err := v.open(ctx)
	if err != nil {
		return nil, err
	}
	m, prefix, err := s.mount(ctx, base.Path)
	if err != nil {
		return nil, err
	}
	names, err := s.pathsBelow(ctx, m, prefix)
	if err != nil {
		return nil, err
	}
	refs := make([]secret.Reference, len(names))
	for i, name := range names {
		refs[i] = secret.Reference{Scheme: v.Scheme(), Path: m.path + name}
	}
	return refs, nil
}

// pathsBelow returns every path in the mount that begins with prefix, sorted. It lists all
// folders of one depth at the same time.
func (s *session) pathsBelow(ctx context.Context, m mount, prefix string) ([]string, error) {
	var found []string
	folders := []string{folder(prefix)}
	for len(folders) > 0 {
		listed := make([][]string, len(folders))
		faults := make([]error, len(folders))
		store.Parallel(len(folders), store.MaxCalls, func(i int) { listed[i], faults[i] = s.names(ctx, m, folders[i]) })
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

// folder returns name up to and with its last slash.
func folder(name string) string { return name[:strings.LastIndex(name, "/")+1] }

// names returns what is in folder, "" or with a "/" at its end: names of paths, and names of
// folders with a "/" at the end. It returns nil if there is no such folder.
func (s *session) names(ctx context.Context, m mount, folder string) ([]string, error) {
	answer, err := s.client.Logical().ListWithContext(ctx, m.metadata(folder))
	if err != nil {
		return nil, s.fault(ctx, err, m, m.metadata(folder), "list")
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
