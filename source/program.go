package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// program is one of the user's own programs that prints secrets. Its values come
// over a pipe; nothing secret is ever among its arguments.
type program struct {
	name    string
	environ []string // of this process; the program gets those of them that it needs
	names   []string // the variables that it needs besides everyProgram
	prefix  string   // and all of its own
}

// everyProgram is what a program needs to find its files, its agent, its network
// and its terminal. Names, not patterns: what else is set may be somebody's value.
//
//nolint:gochecknoglobals // a table, never written
var everyProgram = strings.Fields(`
	PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL LC_CTYPE TZ TMPDIR
	XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR XDG_SESSION_ID
	HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
	SSL_CERT_DIR SSL_CERT_FILE DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XAUTHORITY
`)

// everyWindowsProgram is that on Windows, where case does not count.
//
//nolint:gochecknoglobals // a table, never written
var everyWindowsProgram = strings.Fields(`
	APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROGRAMDATA PROGRAMFILES
	SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE WINDIR
`)

// errNoProgram is a program that is not installed.
var errNoProgram = errors.New("not installed")

// exitError is how a program ended that printed no value. It holds nothing that
// the program wrote.
type exitError struct {
	name   string
	code   int
	stderr string // for the caller to look for texts that it knows, never to print
}

func (e *exitError) Error() string { return fmt.Sprintf("%s ended with exit code %d", e.name, e.code) }

// output is what the program prints, byte for byte. The error is errNoProgram, an
// *exitError, or that of ctx.
func (p program) output(ctx context.Context, args ...string) (secret.Value, error) {
	path, err := exec.LookPath(p.name)
	if err != nil {
		return secret.Value{}, errNoProgram
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.childEnviron(), &stdout, &stderr
	cmd.WaitDelay = time.Second // for what it started and left behind with the pipe
	err = cmd.Run()
	if exit, ended := errors.AsType[*exec.ExitError](err); ended && ctx.Err() == nil {
		return secret.Value{}, &exitError{name: p.name, code: exit.ExitCode(), stderr: stderr.String()}
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return secret.Value{}, fmt.Errorf("stopped before %s answered", p.name)
	case ctx.Err() != nil:
		return secret.Value{}, fmt.Errorf("%s gave no answer in time: %w", p.name, context.Cause(ctx))
	case err != nil:
		return secret.Value{}, fmt.Errorf("%s cannot be run; try it by hand", p.name)
	}
	return secret.NewValue(stdout.String()), nil
}

// programs is how many of the user's programs run at the same time.
const programs = 8

// firstAlone calls do with 0 … n-1: first with 0, which may ask the person to unlock
// something, and should ask once, and then with the others at the same time.
func firstAlone(n int, do func(i int)) {
	do(0)
	store.Fan(n-1, programs, func(i int) { do(i + 1) })
}

func (p program) childEnviron() []string {
	var child []string
	for _, entry := range p.environ {
		name, _, _ := strings.Cut(entry, "=")
		windows := runtime.GOOS == "windows" && slices.Contains(everyWindowsProgram, strings.ToUpper(name))
		if windows || slices.Contains(everyProgram, name) || slices.Contains(p.names, name) || strings.HasPrefix(name, p.prefix) {
			child = append(child, entry)
		}
	}
	return child
}
