package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/hashicorp/vault/api"
)

// mount is where an engine is mounted.
type mount struct {
	path      string // ends in "/"
	versioned bool   // KV version 2
	guessed   bool   // the server does not say; this is the usual one
}

// data is where the values of name are read and written.
func (m mount) data(name string) string {
	if m.versioned {
		return m.path + "data/" + name
	}
	return m.path + name
}

// names is where what lies in folder is listed, and where metadata is read.
func (m mount) names(folder string) string {
	if m.versioned {
		return m.path + "metadata/" + folder
	}
	return m.path + folder
}

// mount finds the mount that path lies in, and the rest of path.
func (s *session) mount(ctx context.Context, path string) (mount mount, name string, err error) {
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

func (s *session) knownMount(path string) (mount, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for prefix, mount := range s.mounts { // mounts do not nest: at most one fits
		if strings.HasPrefix(path+"/", prefix) {
			return mount, true
		}
	}
	return mount{}, false
}

// askMount asks the server. It tells everybody who may reach something in the mount;
// who may not, and who asks for a mount that is not there, gets the same refusal.
func (s *session) askMount(ctx context.Context, path string) (mount, error) {
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
		return mount{path: first + "/", versioned: true, guessed: true}, nil
	case err != nil:
		return mount{}, s.unanswered(ctx, err)
	case found.Type != "kv" && found.Type != "generic":
		return mount{}, fmt.Errorf("%s is no KV mount but one of %s; vault secrets list shows them all", found.Path, found.Type)
	}
	mount := mount{path: strings.Trim(found.Path, "/") + "/", versioned: found.Options["version"] == "2"}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mounts[mount.path] = mount
	return mount, nil
}
