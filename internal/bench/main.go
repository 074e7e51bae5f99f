// Command bench measures what docker secrets costs compared to the programs that people run on
// the same files, and writes docs/benchmarks.md. Files are generated, runs of the programs
// take turns, and figures are medians of what the operating system says of a process. A
// peer that is not there is built from its module; one that cannot be is named in the page.
//
// It knows how programs are started and measured, and nothing of how this one works.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	output := flag.String("o", "docs/benchmarks.md", "page to write")
	runs := flag.Int("n", 7, "runs of each program")
	stages := flag.String("stages", ".bin/stages.txt", "file for the output of go test -bench, as benchstat reads it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *output, *stages, *runs); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, output, stages string, runs int) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	own, err := build(ctx, dir)
	if err != nil {
		return err
	}
	p := page{machine: machineHere(ctx), runs: runs, peers: findPeers(ctx, dir)}
	for _, app := range applications() {
		folder := filepath.Join(dir, app.name)
		if err = app.write(folder); err != nil {
			return err
		}
		p.rows = append(p.rows, measure(ctx, folder, runs, app, commandsOf(own.program, p.peers)))
	}
	p.starts = measureStarts(ctx, dir, runs, own, p.peers)
	if p.modules, err = modulesOf(ctx, own.whole); err != nil {
		return err
	}
	p.size = fileSize(own.program)
	if p.stages, err = runStages(ctx, stages, runs); err != nil {
		p.stagesFault = err
	}
	return os.WriteFile(output, []byte(p.text()), 0o644) //nolint:gosec // a page for all
}
