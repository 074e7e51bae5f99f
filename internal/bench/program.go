package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// programs are what is measured of our own.
type programs struct {
	program string // as it is released
	whole   string // with its symbols
	hello   string // a program of the same Go that prints a word
}

const helloWorld = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, world\") }\n"

// build builds the programs in dir.
func build(ctx context.Context, dir string) (programs, error) {
	p := programs{program: filepath.Join(dir, "docker-secrets"), whole: filepath.Join(dir, "whole"), hello: filepath.Join(dir, "hello")}
	source := filepath.Join(dir, "hello.go")
	if err := os.WriteFile(source, []byte(helloWorld), 0o600); err != nil {
		return p, err
	}
	for _, args := range [][]string{
		{"-ldflags", "-s -w", "-o", p.program, "."}, {"-o", p.whole, "."}, {"-ldflags", "-s -w", "-o", p.hello, source},
	} {
		if err := goBuild(ctx, ".", args...); err != nil {
			return p, err
		}
	}
	return p, nil
}

func goBuild(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-trimpath", "-buildvcs=false"}, args...)...) //nolint:gosec // its own words
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said)
	}
	return nil
}

// fileSize returns the size of the file at path in bytes, 0 if it is not there.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// commandsOf are the commands that are run on every application.
func commandsOf(own string, peers []peer) []command {
	all := []command{{name: migrate, args: func(files []string) []string {
		return append([]string{own, "migrate", "--offline", "-o", "-"}, named("-f", files)...)
	}}}
	for _, p := range peers {
		if p.fault == "" {
			all = append(all, command{name: p.name, args: p.args, env: p.env, peer: true})
		}
	}
	return all
}

// migrate is the name of our own command in the tables.
const migrate = "migrate"

// named puts flag before each of files.
func named(flag string, files []string) []string {
	var all []string
	for _, file := range files {
		all = append(all, flag, file)
	}
	return all
}
