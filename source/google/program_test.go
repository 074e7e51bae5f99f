package google

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
)

// A program that has only an environment must reach Google's own host names through a
// proxy, and the library must print nothing.
func TestProgramWithOnlyAnEnvironment(t *testing.T) {
	if os.Getenv(storetest.ChildVariable) != "" {
		storetest.PrintAnswers(t, os.Stdout, new(Store), "gcpsecrets://gym/a", "gcpsecrets://gym/b")
		return
	}
	fake := storetest.NewGoogle(t)
	fake.Put("gym/a", "one", "two")
	proxy := storetest.NewProxy(t, fake.Hosts())
	want := "two 2 <nil>\n  gcpsecrets://gym/b: the project gym has no secret b with a version, but has a: not found\nPASS\n"
	for name, environ := range map[string][]string{"key": fake.Env(), "login": fake.UserEnv("", true), "machine": fake.MachineEnv()} {
		if diff := cmp.Diff(want, storetest.RunChild(t, append(proxy.Env(), environ...))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"oauth2.googleapis.com", "secretmanager.googleapis.com"}, slices.Compact(slices.Sorted(slices.Values(proxy.Asked())))); diff != "" {
		t.Errorf("asked (-want +got)\n%s", diff)
	}
}
