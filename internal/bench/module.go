package main

import (
	"bufio"
	"bytes"
	"context"
	"debug/buildinfo"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// module is how many bytes of the program are code of one module.
type module struct {
	path string
	size int64
}

// modulesOf adds up the functions of program, which must have them, by module: the largest
// first.
func modulesOf(ctx context.Context, program string) ([]module, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, err
	}
	paths := []string{info.Main.Path}
	for _, dep := range info.Deps {
		paths = append(paths, dep.Path)
	}
	slices.SortFunc(paths, func(a, b string) int { return len(b) - len(a) })            // the longest that fits
	out, err := exec.CommandContext(ctx, "go", "tool", "nm", "-size", program).Output() //nolint:gosec // what this program has built
	if err != nil {
		return nil, fmt.Errorf("go tool nm: %w", err)
	}
	sizes := map[string]int64{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		size, kind, name := symbol(lines.Text())
		if kind == "T" || kind == "t" { // tables of types and lines cannot be told apart
			sizes[moduleOf(name, paths)] += size
		}
	}
	var all []module
	for _, path := range slices.Sorted(maps.Keys(sizes)) {
		all = append(all, module{path, sizes[path]})
	}
	slices.SortStableFunc(all, func(a, b module) int { return int(b.size - a.size) })
	return all, nil
}

// symbol reads a line of go tool nm: address, size, kind and name.
func symbol(line string) (size int64, kind, name string) {
	words := strings.Fields(line)
	if len(words) < 4 {
		return 0, "", ""
	}
	size, _ = strconv.ParseInt(words[1], 10, 64)
	return size, words[2], words[3]
}

const goItself = "Go's runtime and standard library"

// before are what the linker puts before the name of a type or of a table.
func before() []string {
	return []string{"type:.eq.", "type:.hash.", "type:.namedata.", "type:", "go:itab.", "go:string.", "*", "[]"}
}

// moduleOf returns the path of the module that a symbol belongs to.
func moduleOf(name string, paths []string) string {
	for _, prefix := range before() {
		name = strings.TrimPrefix(name, prefix)
	}
	name = strings.ReplaceAll(name, "%2e", ".")
	for _, path := range paths {
		if rest, found := strings.CutPrefix(name, path); found && (rest == "" || strings.ContainsAny(rest[:1], "/.")) {
			return path
		}
	}
	return goItself
}
