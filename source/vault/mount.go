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

// mount is the place where a key-value engine is mounted.
type mount struct {
	path      string // ends in "/"
	versioned bool   // KV version 2
	guessed   bool   // the server does not say, and this is the usual form
}

// data returns the path of the server's API for the values of name.
func (m mount) data(name string) string {
	if m.versioned {
		return m.path + "data/" + name
	}
	return m.path + name
}

// metadata returns the path of the server's API that lists the folder name, or that has the
// metadata of the path name.
func (m mount) metadata(name string) string {
	if m.versioned {
		return m.path + "metadata/" + name
	}
	return m.path + name
}

// mount returns the mount that contains path, and the path in it. Of paths with the same
// first segment that are asked for at the same time the first one asks the server and the
// others wait: most lie in the same mount.
func (s *session) mount(ctx context.Context, path string) (m mount, name string, err error) {
	first, _, _ := strings.Cut(path, "/")
	s.mu.Lock()
	once := s.firstFetch[first]
	if once == nil {
		once = &sync.Once{}
		s.firstFetch[first] = once
	}
	s.mu.Unlock()
	asked := false
	once.Do(func() {
		asked = true
		m, err = s.fetchMount(ctx, path)
	})
	if !asked {
		var known bool
		if m, known = s.knownMount(path); !known {
			m, err = s.fetchMount(ctx, path)
		}
	}
	return m, strings.TrimPrefix(strings.TrimPrefix(path, strings.TrimSuffix(m.path, "/")), "/"), err
}

// knownMount returns the mount that contains path, if the server was asked for it before.
func (s *session) knownMount(path string) (mount, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for prefix, m := range s.mounts { // mounts do not nest: at most one fits
		if strings.HasPrefix(path+"/", prefix) {
			return m, true
		}
	}
	return mount{}, false
}

// fetchMount asks the server for the mount that contains path. The server answers a token
// that may use something in the mount. It refuses in the same way if the token may not and
// if there is no mount; then the result is a guess.
func (s *session) fetchMount(ctx context.Context, path string) (mount, error) {
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
		return mount{}, s.connectionFault(ctx, err)
	case found.Type != "kv" && found.Type != "generic":
		return mount{}, fmt.Errorf("%s is not a KV mount (type %s); vault secrets list shows them all", found.Path, found.Type)
	}
	m := mount{path: strings.Trim(found.Path, "/") + "/", versioned: found.Options["version"] == "2"}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mounts[m.path] = m
	return m, nil
}
