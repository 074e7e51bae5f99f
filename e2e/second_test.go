package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// questions are the recorded calls that asked whether a secret has a value.
func questions(calls []enginetest.Call) int {
	n := 0
	for _, call := range calls {
		if call.Method == http.MethodPost && strings.HasPrefix(call.Path, "/secrets/") && strings.HasSuffix(call.Path, "/update") {
			n++
		}
	}
	return n
}

// settles waits until files have not changed for the time after which deploy trusts their
// times: see internal/stamp.
func (r *rig) settles(paths ...string) {
	r.t.Helper()
	begun := time.Now()
	r.eventually(r.t.Context(), "the files have settled", func() bool {
		for _, path := range paths {
			info, err := os.Stat(path)
			if err != nil || time.Since(info.ModTime()) < 11*time.Second || time.Since(begun) < 11*time.Second {
				return false
			}
		}
		return true
	})
}

// A deploy must not ask the Swarm about values whose files are as they were when their secrets
// were created or found equal, and must see every change of them: of the same size with the
// same time, and by a variable of the shell.
func TestSecondDeployAsksWhatMayHaveChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	r.removeStack("unasked", "unasked_0", "unasked_1", "unasked_2", "unasked_3", "unasked_3_v2", "unasked_0_v2")
	file, env := many("unasked", 4)
	r.write("docker-compose.prod.yml", file)
	r.write(".env", env)
	path := filepath.Join(r.dir, ".env")
	r.settles(path, binary)
	r.says(r.deploy("--detach"), 0, "create unasked_0")
	ask := func(want int, args ...string) result {
		t.Helper()
		r.proxy.Reset()
		got := r.deploy(append(args, "--detach")...)
		if n := questions(r.proxy.Calls()); n != want {
			t.Errorf("deploy %v asked %d questions, want %d\n%s", args, n, want, got.stderr)
		}
		return got
	}
	r.says(ask(0), 0, "unasked_3, unchanged, from env://VALUE_3")
	if calls := len(r.proxy.Calls()); calls > 25 { // what docker stack deploy itself asks is in it
		t.Errorf("a second deploy of one service takes %d calls", calls)
	}
	r.env = append(r.env, "VALUE_0=of-the-shell")
	r.says(ask(1, "--allow-source"), 1, "unasked_0") // its value is not from the file alone
	r.env = nil

	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	r.write(".env", strings.Replace(env, "value-3-of-many", "VALUE-3-OF-MANY", 1))
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	r.says(ask(4), 1, "unasked_3")
	r.says(ask(8, "--rotate", "--no-pin"), 0, "create unasked_3_v2") // again under the lock: the file changed just now
}
