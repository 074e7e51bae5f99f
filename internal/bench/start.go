package main

import "context"

// start is what it costs to start a program for the least that it does.
type start struct {
	name string
	cost cost
}

// measureStarts runs the smallest commands. A peer that is not there is left out.
func measureStarts(ctx context.Context, dir string, runs int, own programs, peers []peer) []start {
	words := func(args ...string) func([]string) []string { return func([]string) []string { return args } }
	commands := []command{
		{name: "hello, world", args: words(own.hello)},
		{name: "docker-secrets docker-cli-plugin-metadata", args: words(own.program, "docker-cli-plugin-metadata")},
		{name: "docker-secrets --version", args: words(own.program, "--version")},
	}
	for _, p := range peers {
		if p.fault == "" {
			commands = append(commands, command{name: p.name[:len(p.name)-len(" config")] + " " + p.start[0], args: words(append([]string{p.program}, p.start...)...), env: p.env})
		}
	}
	r := measure(ctx, dir, 3*runs, application{peers: true}, commands) // each takes milliseconds
	var all []start
	for _, c := range commands {
		if least, measured := r.costs[c.name]; measured {
			all = append(all, start{c.name, least})
		}
	}
	return all
}
