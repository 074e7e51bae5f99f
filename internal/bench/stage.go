package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// stage is what one stage of migrate costs, the median of its runs.
type stage struct {
	name   string
	millis float64
	bytes  float64 // allocated
}

// runStages runs the Go benchmark of each stage and keeps its output in path, for benchstat.
func runStages(ctx context.Context, path string, runs int) ([]stage, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkStages$", "-benchmem", "-benchtime", "3x", "-count", strconv.Itoa(runs), "./plugin") //nolint:gosec // its own words
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go test -bench Stages: %w", err)
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	return stagesIn(out), os.WriteFile(path, out, 0o600)
}

// stagesIn reads the output of go test -bench, in the order of its first lines.
func stagesIn(out []byte) []stage {
	var names []string
	nanos, bytesOf := map[string][]float64{}, map[string][]float64{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 4 || !strings.HasPrefix(words[0], "BenchmarkStages/") {
			continue
		}
		name := strings.TrimPrefix(words[0], "BenchmarkStages/")
		if at := strings.LastIndexByte(name, '-'); at > 0 {
			name = name[:at] // the number of processors
		}
		if nanos[name] == nil {
			names = append(names, name)
		}
		for i := 2; i+1 < len(words); i += 2 {
			figure, _ := strconv.ParseFloat(words[i], 64)
			switch words[i+1] {
			case "ns/op":
				nanos[name] = append(nanos[name], figure)
			case "B/op":
				bytesOf[name] = append(bytesOf[name], figure)
			}
		}
	}
	var all []stage
	for _, name := range names {
		all = append(all, stage{name, middle(nanos[name]) / 1e6, middle(bytesOf[name])})
	}
	return all
}

func middle(figures []float64) float64 {
	if len(figures) == 0 {
		return 0
	}
	figures = slices.Sorted(slices.Values(figures))
	return figures[len(figures)/2]
}
