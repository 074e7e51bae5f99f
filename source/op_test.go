package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/docker-secrets/docker-secrets/internal/storetest"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// opScript is a program that answers as 1Password's op does. It appends its arguments to the
// file OP_ARGS, one line for each call.
const opScript = `#!/bin/sh
echo "$*" >>"$OP_ARGS"
[ "$1 $2" = "read --no-newline" ] || exit 64
case $3 in
op://prod/shop/key) printf 'one\ntwo\n' ;;
op://prod/shop/login/token) printf '%s' "${DB_PASSWORD-nothing leaked}" ;;
op://prod/shop/none) echo "[ERROR] 2026/01/02 03:04:05 could not read secret 'op://prod/shop/none': item 'prod/shop' does not have a field 'none' canary-77" >&2; exit 1 ;;
op://none/*) echo "[ERROR] could not read secret: \"none\" isn't a vault in this account. canary-77" >&2; exit 1 ;;
op://prod/none/*) echo "[ERROR] could not read secret: \"none\" isn't an item in the \"prod\" vault. canary-77" >&2; exit 1 ;;
op://out/*) echo "[ERROR] You are not currently signed in. canary-77" >&2; exit 1 ;;
op://slow/*) sleep 60 ;;
op://locked/*) # asks a person, who takes a while and must not be asked twice
	[ -e "$OP_LOCK.open" ] || { mkdir "$OP_LOCK" && sleep 0.2 && touch "$OP_LOCK.open"; } || exit 9
	printf %s "$3" ;;
*) echo "something else, canary-77" >&2; exit 6 ;;
esac
`

// fakeOp makes opScript the first op on the PATH. It returns a Local with that PATH, and the
// file that has op's arguments.
func fakeOp(t *testing.T) (local Local, args string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "op"), []byte(opScript), 0o755); err != nil {
		t.Fatal(err)
	}
	args = filepath.Join(dir, "args")
	path := dir + string(os.PathListSeparator) + os.Getenv("PATH")
	t.Setenv("PATH", path)
	return Local{Dir: dir, Environ: []string{"PATH=" + path, "OP_ARGS=" + args, "DB_PASSWORD=canary-77"}}, args
}

// Values must come from the user's op byte for byte, and op must get no variable that it
// does not need.
func TestOnePasswordGetsOnlyItsVariables(t *testing.T) {
	local, args := fakeOp(t)
	got := newOnePassword(local).Resolve(t.Context(), storetest.References(t, "op://prod/shop/key", "op://prod/shop/login/token"))
	for i, want := range []string{"one\ntwo\n", "nothing leaked"} {
		if got[i].Err != nil || got[i].Value.Reveal() != want {
			t.Errorf("%d: %q, %v; want %q", i, got[i].Value.Reveal(), got[i].Err, want)
		}
	}
	calls, err := os.ReadFile(args)
	if want := "read --no-newline op://prod/shop/key\nread --no-newline op://prod/shop/login/token\n"; err != nil || string(calls) != want {
		t.Errorf("op was called so:\n%s\nwant\n%s", calls, want)
	}
}

// A failure of op must be explained without quoting op, and only what does not exist must
// be "not found".
func TestOnePasswordFaultSaysWhatToDo(t *testing.T) {
	local, _ := fakeOp(t)
	for _, tt := range []struct {
		ref, want string
		notFound  bool
	}{
		{"op://prod/shop/none", "op://prod/shop/none: the item has no such field: not found", true},
		{"op://none/shop/key", "no such vault, or you may not see it: not found", true},
		{"op://prod/none/key", "no such item: not found", true},
		{"op://out/shop/key", "op is not signed in; run op signin, or set OP_SERVICE_ACCOUNT_TOKEN", false},
		{"op://odd/shop/key", "op ended with exit code 6; op read shows why", false},
		{"op://prod/shop", "write op://VAULT/ITEM/FIELD", false},
	} {
		got := newOnePassword(local).Resolve(t.Context(), storetest.References(t, tt.ref))[0]
		if got.Err == nil || !strings.Contains(got.Err.Error(), tt.want) || strings.Contains(got.Err.Error(), "canary") {
			t.Errorf("%s: %v; want %q", tt.ref, got.Err, tt.want)
		}
		if errors.Is(got.Err, store.ErrNotFound) != tt.notFound {
			t.Errorf("%s: not found: %v", tt.ref, !tt.notFound)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if got := newOnePassword(local).Resolve(t.Context(), storetest.References(t, "op://prod/shop/key"))[0]; got.Err == nil || !strings.Contains(got.Err.Error(), "is not installed") {
		t.Errorf("without op: %v", got.Err)
	}
	if got := newSOPS(local).Resolve(t.Context(), storetest.References(t, "sops://op#/key"))[0]; got.Err == nil || !strings.Contains(got.Err.Error(), "sops is not installed") {
		t.Errorf("without sops: %v", got.Err)
	}
}

// A program that does not answer must end with the deadline, and its children must not
// delay the answer.
func TestProgramEndsWithDeadline(t *testing.T) {
	local, _ := fakeOp(t)
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("the time is over"))
	defer cancel()
	got := newOnePassword(local).Resolve(ctx, storetest.References(t, "op://slow/shop/key"))[0]
	if got.Err == nil || !strings.Contains(got.Err.Error(), "op gave no answer in time: the time is over") {
		t.Errorf("error %v", got.Err)
	}
}

// If the person stops the command, the message must say that, and not that the program was
// slow.
func TestStoppedProgramSaysSo(t *testing.T) {
	local, args := fakeOp(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for t.Context().Err() == nil && !exists(args) {
			time.Sleep(time.Millisecond)
		}
	}()
	got := newOnePassword(local).Resolve(ctx, storetest.References(t, "op://slow/shop/key"))[0]
	if got.Err == nil || !strings.Contains(got.Err.Error(), "stopped before op answered") {
		t.Errorf("error %v", got.Err)
	}
}

// sops must get every variable with which build machines log in, and no other variable with
// the same prefix.
func TestSOPSGetsEveryLoginAndNothingElse(t *testing.T) {
	for name, reaches := range map[string]bool{
		"SOPS_AGE_KEY_FILE": true, "GNUPGHOME": true, "HOME": true, "HTTPS_PROXY": true,
		"AWS_WEB_IDENTITY_TOKEN_FILE":            true, // GitHub, EKS
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": true, // CodeBuild, ECS
		"AWS_CONTAINER_CREDENTIALS_FULL_URI":     true, // EKS Pod Identity
		"IDENTITY_HEADER":                        true, // Azure's managed identity in containers
		"AZURE_FEDERATED_TOKEN_FILE":             true,
		"GOOGLE_OAUTH_ACCESS_TOKEN":              true,
		"VAULT_CLIENT_KEY":                       true,
		"AWS_DB_PASSWORD":                        false, "VAULT_DB_PASSWORD": false, "DB_PASSWORD": false,
	} {
		local := Local{Environ: []string{name + "=x"}}
		if got := len(newSOPS(local).(sops).childEnviron()) == 1; got != reaches {
			t.Errorf("%s reaches sops: %v", name, got)
		}
	}
}

// A locked 1Password must ask once, however many of its values are wanted.
func TestOnePasswordUnlocksOnce(t *testing.T) {
	local, args := fakeOp(t)
	local.Environ = append(local.Environ, "OP_LOCK="+filepath.Join(filepath.Dir(args), "lock"))
	var refs []secret.Reference
	for i := range 20 {
		refs = append(refs, storetest.References(t, fmt.Sprintf("op://locked/shop/key%d", i))...)
	}
	for i, result := range newOnePassword(local).Resolve(t.Context(), refs) {
		if want := fmt.Sprintf("op://locked/shop/key%d", i); result.Err != nil || result.Value.Reveal() != want {
			t.Fatalf("%s: %v", want, result.Err)
		}
	}
}
