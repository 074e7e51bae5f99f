package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// command is one program that is run on an application.
type command struct {
	name string
	args func(files []string) []string
	env  []string
	peer bool
}

// cost is what a process cost.
type cost struct {
	cpu, wall time.Duration
	memory    int64 // the most it had, in bytes; 0 where the system does not tell
}

// row is what an application costs each command, by the command's name.
type row struct {
	app   application
	costs map[string]cost
	fault map[string]string // why a command has no cost
}

// measure runs each of commands runs times in folder. They take turns, so that an hour in
// which the machine is slow is slow for all, in an order that turns too.
func measure(ctx context.Context, folder string, runs int, app application, commands []command) row {
	r := row{app: app, costs: map[string]cost{}, fault: map[string]string{}}
	all := map[string][]cost{}
	for i := range runs {
		turn := slices.Clone(commands)
		if i%2 == 1 {
			slices.Reverse(turn)
		}
		for _, c := range turn {
			if c.peer && !app.peers || r.fault[c.name] != "" {
				continue
			}
			got, err := runOnce(ctx, folder, c.env, c.args(app.paths())...)
			if err != nil {
				r.fault[c.name] = err.Error()
				continue
			}
			all[c.name] = append(all[c.name], got)
		}
	}
	for name, costs := range all {
		r.costs[name] = median(costs)
	}
	return r
}

// runOnce runs args in folder. Its output is read and thrown away.
func runOnce(ctx context.Context, folder string, env []string, args ...string) (cost, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...) //nolint:gosec // programs that this one has built or found
	cmd.Dir, cmd.Stdout = folder, io.Discard
	cmd.Env = append(cmd.Environ(), env...)
	var said strings.Builder
	cmd.Stderr = &said
	began := time.Now()
	if err := cmd.Run(); err != nil {
		first, _, _ := strings.Cut(said.String(), "\n")
		return cost{}, fmt.Errorf("%w: %s", err, first)
	}
	state := cmd.ProcessState
	return cost{cpu: state.UserTime() + state.SystemTime(), wall: time.Since(began), memory: peakMemory(state)}, nil
}

// median is the median of each figure for itself.
func median(costs []cost) cost {
	middle := func(figure func(cost) int64) int64 {
		var all []int64
		for _, c := range costs {
			all = append(all, figure(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{
		cpu:    time.Duration(middle(func(c cost) int64 { return int64(c.cpu) })),
		wall:   time.Duration(middle(func(c cost) int64 { return int64(c.wall) })),
		memory: middle(func(c cost) int64 { return c.memory }),
	}
}
