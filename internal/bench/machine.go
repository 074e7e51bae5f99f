package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
)

// machine is where the figures come from.
type machine struct {
	system, processor string
	processors        int
	load              float64 // how many processes wanted to run in the last minute; 0 where the system does not tell
	version           string  // of this program
}

func machineHere(ctx context.Context) machine {
	m := machine{system: runtime.GOOS + "/" + runtime.GOARCH + ", " + runtime.Version(), processors: runtime.NumCPU(), processor: "unknown"}
	if content, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(content)) {
			if key, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(key) == "model name" {
				m.processor = strings.TrimSpace(value)
				break
			}
		}
	}
	if content, err := os.ReadFile("/proc/loadavg"); err == nil {
		first, _, _ := strings.Cut(string(content), " ")
		m.load, _ = strconv.ParseFloat(first, 64)
	}
	if out, err := exec.CommandContext(ctx, "git", "describe", "--tags", "--always", "--dirty").Output(); err == nil {
		m.version = strings.TrimSpace(string(out))
	}
	return m
}

// busy says that others ran meanwhile, "" if the machine was free for this.
func (m machine) busy() string {
	if m.load < float64(m.processors)/2 {
		return ""
	}
	return fmt.Sprintf("The machine was not idle: %.0f processes wanted to run on its %d processors. The ratios hold roughly, the times do not.", m.load, m.processors)
}
