package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/hashicorp/vault/api"
)

// vaultMount is where an engine is mounted.
type vaultMount struct {
	path      string // ends in "/"
	versioned bool   // KV version 2
	guessed   bool   // the server does not say; this is the usual one
}

// data is where the values of name are read and written.
func (m vaultMount) data(name string) string {
	if m.versioned {
		return m.path + "data/" + name
	}
	return m.path + name
}

// names is where what lies in folder is listed, and where metadata is read.
func (m vaultMount) names(folder string) string {
	if m.versioned {
		return m.path + "metadata/" + folder
	}
	return m.path + folder
}

// mount finds the mount that path lies in, and the rest of path.
func (s *vaultSession) mount(ctx context.Context, path string) (mount vaultMount, name string, err error) {
	first, _, _ := strings.Cut(path, "/")
	s.mu.Lock()
	once := s.first[first]
	if once == nil {
		once = &sync.Once{}
		s.first[first] = once
	}
	s.mu.Unlock()
	asked := false
	once.Do(func() {
		asked = true
		mount, err = s.askMount(ctx, path)
	})
	if !asked { // most paths lie in the mount of the first one
		var known bool
		if mount, known = s.knownMount(path); !known {
			mount, err = s.askMount(ctx, path)
		}
	}
	return mount, strings.TrimPrefix(strings.TrimPrefix(path, strings.TrimSuffix(mount.path, "/")), "/"), err
}

func (s *vaultSession) knownMount(path string) (vaultMount, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for prefix, mount := range s.mounts { // mounts do not nest: at most one fits
		if strings.HasPrefix(path+"/", prefix) {
			return mount, true
		}
	}
	return vaultMount{}, false
}

// askMount asks the server. It tells everybody who may reach something in the mount;
// who may not, and who asks for a mount that is not there, gets the same refusal.
func (s *vaultSession) askMount(ctx context.Context, path string) (vaultMount, error) {
	var found struct {
		Path    string
		Type    string
		Options map[string]string
	}
	err := s.get(ctx, "sys/internal/ui/mounts/"+path, nil, &found)
	refused, isRefused := errors.AsType[*api.ResponseError](err)
	switch {
	case isRefused && (refused.StatusCode == http.StatusForbidden || refused.StatusCode == http.StatusNotFound):
		first, _, _ := strings.Cut(path, "/")
		return vaultMount{path: first + "/", versioned: true, guessed: true}, nil
	case err != nil:
		return vaultMount{}, s.unanswered(ctx, err)
	case found.Type != "kv" && found.Type != "generic":
		return vaultMount{}, fmt.Errorf("%s is no KV mount but one of %s; vault secrets list shows them all", found.Path, found.Type)
	}
	mount := vaultMount{path: strings.Trim(found.Path, "/") + "/", versioned: found.Options["version"] == "2"}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mounts[mount.path] = mount
	return mount, nil
}
