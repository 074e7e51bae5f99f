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

// program is one of the user's own programs that prints secrets. Values come through a
// pipe; no argument contains one.
type program struct {
	name    string
	environ []string // this process's variables, KEY=VALUE; the program gets some of them
	names   []string // those that it needs besides everyProgram
	prefix  string   // that of its own variables, which it gets too
}

// everyProgram has the variables with which a program finds its files, agent, network and
// terminal. They are names, not patterns, because other variables may hold values.
//
//nolint:gochecknoglobals // a table, never written
var everyProgram = strings.Fields(`
	PATH HOME USER LOGNAME SHELL TERM LANG LC_ALL LC_CTYPE TZ TMPDIR
	XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR XDG_SESSION_ID
	HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
	SSL_CERT_DIR SSL_CERT_FILE DBUS_SESSION_BUS_ADDRESS DISPLAY WAYLAND_DISPLAY XAUTHORITY
`)

// everyWindowsProgram has those that programs need on Windows, in capitals: case does not
// count there.
//
//nolint:gochecknoglobals // a table, never written
var everyWindowsProgram = strings.Fields(`
	APPDATA COMSPEC HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROGRAMDATA PROGRAMFILES
	SYSTEMDRIVE SYSTEMROOT TEMP TMP USERNAME USERPROFILE WINDIR
`)

// errNoProgram means that the program is not on the PATH.
var errNoProgram = errors.New("not installed")

// exitError is the end of a program with an exit code other than 0. Its text has nothing of
// what the program printed.
type exitError struct {
	name   string
	code   int
	stderr string // to be searched for known texts, never printed
}

func (e *exitError) Error() string { return fmt.Sprintf("%s ended with exit code %d", e.name, e.code) }

// output runs the program and returns what it prints, byte for byte. The error is
// errNoProgram or an *exitError, or says that ctx ended or that the program cannot be run.
func (p program) output(ctx context.Context, args ...string) (secret.Value, error) {
	path, err := exec.LookPath(p.name)
	if err != nil {
		return secret.Value{}, errNoProgram
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.childEnviron(), &stdout, &stderr
	cmd.WaitDelay = time.Second // for a child of the program that keeps the pipe open
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

// maxPrograms is the number of the user's programs that run at the same time.
const maxPrograms = 8

// firstAlone calls do with 0, and then with 1 … n-1 at the same time. The first call may ask
// the person to unlock something; the others then find it unlocked.
func firstAlone(n int, do func(i int)) {
	do(0)
	store.Parallel(n-1, maxPrograms, func(i int) { do(i + 1) })
}

// childEnviron returns the variables that the program gets.
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
