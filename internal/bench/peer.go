package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// peer is a program that people run on the same files.
type peer struct {
	name    string
	version string
	fault   string // why it is not measured
	program string
	args    func(files []string) []string
	start   []string // the arguments of its smallest command
	env     []string
}

// composes are the versions of Docker Compose that are compared, by module.
func composes() []struct{ name, module, version string } {
	return []struct{ name, module, version string }{
		{"compose v2 config", "github.com/docker/compose/v2", "v2.40.3"},
		{"compose v5 config", "github.com/docker/compose/v5", "v5.6.0"},
	}
}

// findPeers returns all peers, also those that are not there.
func findPeers(ctx context.Context, dir string) []peer {
	var all []peer
	for _, c := range composes() {
		p := peer{name: c.name, version: c.version, start: []string{"version"}}
		program, err := buildCompose(ctx, c.module, c.version)
		if err != nil {
			p.fault = err.Error()
		}
		p.program = program
		p.args = func(files []string) []string {
			return append(append([]string{program}, named("-f", files)...), "config")
		}
		all = append(all, p)
	}
	return append(all, dockerStack(ctx, dir))
}

// buildCompose builds the module in the user's cache, where it is found again.
func buildCompose(ctx context.Context, module, version string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "docker-secrets-bench")
	program := filepath.Join(folder, "compose-"+version)
	if fileSize(program) > 0 {
		return program, nil
	}
	source, err := download(ctx, module+"@"+version)
	if err != nil {
		return "", err
	}
	if err = os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	// Not go install: it refuses a module whose go.mod replaces another one.
	flags := "-s -w -X " + module + "/internal.Version=" + version
	return program, goBuild(ctx, source, "-mod=mod", "-modfile", filepath.Join(folder, version+".mod"), "-ldflags", flags, "-o", program, "./cmd")
}

// download fetches a module, and returns its folder. What go may change of it, go.mod, is
// copied into the cache.
func download(ctx context.Context, module string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "mod", "download", "-json", module).Output() //nolint:gosec // one of composes
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	var found struct{ Dir, Version string }
	if err = json.Unmarshal(out, &found); err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "docker-secrets-bench")
	if err = os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	for _, kind := range []string{".mod", ".sum"} {
		content, err := os.ReadFile(filepath.Join(found.Dir, "go"+kind))
		if err != nil {
			return "", err
		}
		if err = os.WriteFile(filepath.Join(folder, found.Version+kind), content, 0o600); err != nil {
			return "", err
		}
	}
	return found.Dir, nil
}

// dockerStack is docker stack config of the CLI that is installed. It reads no .env.
func dockerStack(ctx context.Context, dir string) peer {
	p := peer{name: "docker stack config", start: []string{"--version"}, env: []string{"DOCKER_CONFIG=" + filepath.Join(dir, "config")}}
	program, err := exec.LookPath("docker")
	if err != nil {
		p.fault = "there is no docker here"
		return p
	}
	version, err := exec.CommandContext(ctx, program, "--version").Output() //nolint:gosec // docker
	if err != nil {
		p.fault = err.Error()
		return p
	}
	p.program, p.version = program, strings.TrimPrefix(strings.TrimSpace(string(version)), "Docker version ")
	p.args = func(files []string) []string {
		return append([]string{program, "stack", "config"}, named("-c", files)...)
	}
	return p
}
