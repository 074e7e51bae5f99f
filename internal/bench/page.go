package main

import (
	"fmt"
	"strings"
	"time"
)

// page is all that docs/benchmarks.md says.
type page struct {
	machine     machine
	runs        int
	peers       []peer
	rows        []row
	starts      []start
	stages      []stage
	stagesFault error
	modules     []module
	size        int64
}

func (p page) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Benchmarks\n\n<!-- Written by make bench. -->\n\n")
	fmt.Fprintf(&b, "What `docker secrets` costs compared to the programs that people run on the same files. `make bench` measures on your machine and writes this page. The files are generated; the programs take turns, and figures are medians: here of %d runs each.\n\n", p.runs)
	fmt.Fprintf(&b, "Measured with docker-secrets %s on %s, %d processors (%s).\n", p.machine.version, p.machine.processor, p.machine.processors, p.machine.system)
	if busy := p.machine.busy(); busy != "" {
		fmt.Fprintf(&b, "\n%s\n", busy)
	}
	p.writePeers(&b)
	p.writeRows(&b)
	p.writeGrowth(&b)
	p.writeStarts(&b)
	p.writeStages(&b)
	p.writeModules(&b)
	return b.String()
}

func (p page) writePeers(b *strings.Builder) {
	b.WriteString("\n")
	for _, peer := range p.peers {
		state := peer.version
		if peer.fault != "" {
			first, _, _ := strings.Cut(peer.fault, "\n")
			state = "not measured: " + first
		}
		fmt.Fprintf(b, "- %s: %s\n", peer.name, state)
	}
}

func (p page) writeRows(b *strings.Builder) {
	b.WriteString("\n## migrate\n\nEach service has 20 variables. `migrate --offline` finds the secrets, rewrites the services, proves the result and reports; the others parse, merge and print. CPU is user and system time; memory is the most that the process had.\n\n")
	b.WriteString("| application | program | CPU | ratio | time | memory | ratio |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, r := range p.rows {
		if !r.app.peers {
			continue
		}
		own := r.costs[migrate]
		fmt.Fprintf(b, "| %s | `%s` | %s | | %s | %s | |%s\n", r.app.label, migrate, seconds(own.cpu), seconds(own.wall), megabytes(own.memory), faultOf(r, migrate))
		for _, peer := range p.peers {
			other, measured := r.costs[peer.name]
			if !measured {
				continue
			}
			fmt.Fprintf(b, "| | `%s` | %s | migrate takes %.2f × | %s | %s | %.2f × |\n", peer.name, seconds(other.cpu), ratio(own.cpu, other.cpu), seconds(other.wall), megabytes(other.memory), ratio(own.memory, other.memory))
		}
	}
}

func faultOf(r row, name string) string {
	if r.fault[name] == "" {
		return ""
	}
	return " failed: " + r.fault[name]
}

// writeGrowth compares the sizes that have only been doubled.
func (p page) writeGrowth(b *strings.Builder) {
	b.WriteString("\n## Growth\n\nTwice the services take twice the time, or little more.\n\n| services | CPU | of half as many | memory |\n| --- | --- | --- | --- |\n")
	known := map[int]cost{}
	for _, r := range p.rows {
		if r.app.hard || r.app.files != 1 {
			continue
		}
		own := r.costs[migrate]
		known[r.app.services] = own
		of := ""
		if half, found := known[r.app.services/2]; found {
			of = fmt.Sprintf("%.2f ×", ratio(own.cpu, half.cpu))
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s |\n", r.app.services, seconds(own.cpu), of, megabytes(own.memory))
	}
}

func (p page) writeStarts(b *strings.Builder) {
	b.WriteString("\n## Start\n\nDocker asks every plugin for its metadata whenever it lists its commands.\n\n| command | CPU | of hello, world |\n| --- | --- | --- |\n")
	for _, s := range p.starts {
		fmt.Fprintf(b, "| `%s` | %.1f ms | %.1f × |\n", s.name, float64(s.cost.cpu)/float64(time.Millisecond), ratio(s.cost.cpu, p.starts[0].cost.cpu))
	}
}

func (p page) writeStages(b *strings.Builder) {
	b.WriteString("\n## Stages of migrate\n\n")
	if p.stagesFault != nil {
		fmt.Fprintf(b, "Not measured: %s.\n", p.stagesFault)
		return
	}
	b.WriteString("The Go benchmark `Stages` of package `plugin`, 100 services with 20 variables each in files and env files. `.bin/stages.txt` has the runs as benchstat reads them.\n\n| stage | time | allocated |\n| --- | --- | --- |\n")
	for _, s := range p.stages {
		fmt.Fprintf(b, "| %s | %.1f ms | %.1f MB |\n", s.name, s.millis, s.bytes/1e6)
	}
}

const shownModules = 15

func (p page) writeModules(b *strings.Builder) {
	fmt.Fprintf(b, "\n## Size\n\nThe program has %s, stripped. The code of its %d largest modules; the rest of the program are tables, of types and lines:\n\n| module | code |\n| --- | --- |\n", megabytes(p.size), min(shownModules, len(p.modules)))
	for _, m := range p.modules[:min(shownModules, len(p.modules))] {
		fmt.Fprintf(b, "| %s | %s |\n", m.path, megabytes(m.size))
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func megabytes(n int64) string {
	if n == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func ratio[N int64 | time.Duration](a, b N) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
