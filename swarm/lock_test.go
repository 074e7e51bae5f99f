package swarm

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	types "github.com/docker/docker/api/types/swarm"

	"github.com/docker-secrets/docker-secrets/secret"
)

// configStore is a fake Swarm's configs.
type configStore struct {
	mu      sync.Mutex
	index   uint64
	configs map[string]types.Config // by ID
}

func (c *configStore) api(t *testing.T) *fakeAPI {
	t.Helper()
	c.configs = map[string]types.Config{}
	return &fakeAPI{
		t: t,
		configList: func() ([]types.Config, error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			var all []types.Config
			for _, config := range c.configs {
				config.Spec = clone(config.Spec)
				all = append(all, config)
			}
			return all, nil
		},
		configCreate: func(spec types.ConfigSpec) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			for _, config := range c.configs {
				if config.Spec.Name == spec.Name {
					return daemonError("config " + spec.Name + " already exists")
				}
			}
			c.index++
			id := "id" + string(rune('0'+c.index))
			c.configs[id] = types.Config{ID: id, Meta: types.Meta{Version: types.Version{Index: c.index}, CreatedAt: time.Now()}, Spec: clone(spec)}
			return nil
		},
		configUpdate: func(id string, version types.Version, spec types.ConfigSpec) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			config, found := c.configs[id]
			if !found || config.Version != version {
				return daemonError("update out of sequence")
			}
			c.index++
			config.Version.Index, config.Spec = c.index, clone(spec)
			c.configs[id] = config
			return nil
		},
		configRemove: func(id string) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			delete(c.configs, id)
			return nil
		},
	}
}

// clone keeps a spec as it is now: the caller goes on using its labels.
func clone(spec types.ConfigSpec) types.ConfigSpec {
	spec.Labels = maps.Clone(spec.Labels)
	return spec
}

// moveAway makes the only lock look as if another machine held it.
func (c *configStore) moveAway() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, config := range c.configs {
		config.Spec.Labels[labelProcess] = "another-boot/pid:[1]/1/1"
	}
}

func held(err error) bool {
	var locked *LockedError
	return errors.As(err, &locked)
}

// A second deploy of a stack must be told at once who holds the lock, another stack's goes on.
func TestLockNamesItsHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var store configStore
		api := store.api(t)
		work, unlock, err := Lock(t.Context(), api, "app", "alice@a")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = Lock(t.Context(), api, "app", "bob@b"); !held(err) || !strings.Contains(err.Error(), "stack app is being deployed by alice@a since 2000-01-01T00:00:00Z") {
			t.Errorf("error %v", err)
		}
		_, unlockOther, err := Lock(t.Context(), api, "other", "bob@b")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute) // on the test's clock
		if work.Err() != nil {
			t.Errorf("the work ended: %v", context.Cause(work))
		}
		if err := errors.Join(unlock(), unlockOther()); err != nil {
			t.Error(err)
		}
		if work.Err() == nil || len(store.configs) != 0 {
			t.Errorf("after unlock: work %v, %d configs", work.Err(), len(store.configs))
		}
	})
}

// A lock from another machine must be respected while it is renewed, and no longer.
func TestLockFromElsewhereExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var store configStore
		api := store.api(t)
		ctx, die := context.WithCancel(t.Context())
		_, _, err := Lock(ctx, api, "app", "alice@a")
		if err != nil {
			t.Fatal(err)
		}
		go func() { // labels of renewals are the holder's again
			for sleep(ctx, time.Second) {
				store.moveAway()
			}
		}()
		store.moveAway()
		start := time.Now()
		if _, _, err = Lock(t.Context(), api, "app", "bob@b"); !held(err) || time.Since(start) > 2*lockBeat {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
		die()
		synctest.Wait()
		store.moveAway()
		start = time.Now()
		_, unlock, err := Lock(t.Context(), api, "app", "bob@b")
		if err != nil || time.Since(start) < lockLease || time.Since(start) > 2*lockLease {
			t.Fatalf("after %s: %v", time.Since(start), err)
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	})
}

// Who loses the lock must stop working.
func TestLostLockEndsTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var store configStore
		work, unlock, err := Lock(t.Context(), store.api(t), "app", "alice@a")
		if err != nil {
			t.Fatal(err)
		}
		store.mu.Lock()
		clear(store.configs)
		store.mu.Unlock()
		<-work.Done()
		if !errors.Is(context.Cause(work), errLockLost) {
			t.Errorf("cause %v", context.Cause(work))
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	})
}

// A lock's name must be one that Swarm takes, whatever the stack is called.
func TestLockNameIsOneThatSwarmTakes(t *testing.T) {
	for _, stack := range []string{"a", "app_1", strings.Repeat("x", 63)} {
		if err := secret.CheckName(lockName(stack)); err != nil {
			t.Error(err)
		}
	}
}
