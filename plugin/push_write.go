package plugin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/audit"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// compare says what becomes of each place: the first form of its name that is there
// counts, and is left alone where it has the value already. answers are those to
// lookups, here.
func (p *push) compare(ctx context.Context, base source.Base, lookups []lookup, answers []answer) error {
	there := finder{systems: []store.System{p.store}, base: &base, within: p.options.timeout}
	below := make([]lookup, len(lookups))
	for i := range lookups {
		below[i] = lookup{name: lookups[i].name, below: true}
	}
	held, err := there.all(ctx, below)
	if err != nil {
		return err
	}
	names, refs := make([]string, len(lookups)), make([]secret.Reference, len(lookups))
	for i := range lookups {
		name := lookups[i].name
		t := transfer{
			op: pushCreate, name: name, from: answers[i].places,
			entry: store.Entry{Ref: base.Places(name)[0], Value: answers[i].Value},
		}
		if held[i].Err == nil {
			t.op, t.entry.Ref = pushOverwrite, held[i].From
			if held[i].Value.Equal(answers[i].Value) {
				t.op = pushKeep
			}
		}
		p.transfers = append(p.transfers, t)
		names[i], refs[i] = name, t.entry.Ref
	}
	return doubles(names, refs)
}

func (p *push) changes() int {
	return len(p.transfers) - p.count(pushKeep)
}

func (p *push) count(op pushOp) int {
	n := 0
	for _, t := range p.transfers {
		if t.op == op {
			n++
		}
	}
	return n
}

// pushReport is the plan for programs.
type pushReport struct {
	Places []placeReport `json:"places"`
}

type placeReport struct {
	Operation pushOp `json:"operation"`
	Secret    string `json:"secret"`
	Reference string `json:"reference"`
	From      string `json:"from"`
}

func (p *push) show() {
	if p.tell.json {
		report := pushReport{Places: []placeReport{}}
		for _, t := range p.transfers {
			report.Places = append(report.Places, placeReport{Operation: t.op, Secret: t.name, Reference: t.entry.Ref.String(), From: t.from})
		}
		p.tell.emit(event{Event: "plan", pushReport: &report})
		return
	}
	causes := map[pushOp]string{pushCreate: "not there", pushOverwrite: "has another value", pushKeep: "unchanged"}
	for _, t := range p.transfers {
		_, _ = fmt.Fprintf(people(p.cli), "%s %s, %s (%s from %s)\n", t.op, t.entry.Ref, causes[t.op], t.name, t.from)
	}
}

// ask asks before another value gets an earlier version.
func (p *push) ask(ctx context.Context) error {
	n := p.count(pushOverwrite)
	if n == 0 || p.options.yes {
		return nil
	}
	if !p.cli.In().IsTerminal() {
		return fmt.Errorf("%s with another value; nothing was written; write new versions there with --yes", counted(n, "place"))
	}
	yes, err := confirm(ctx, p.cli, fmt.Sprintf("Write new versions over %s?", counted(n, "other value")))
	if err == nil && !yes {
		err = errors.New("nothing was written")
	}
	return err
}

// write writes everything that is not there yet. What failed does not stop the
// rest; running it again writes only that.
func (p *push) write(ctx context.Context) error {
	ctx, cancel := p.timed(ctx)
	defer cancel()
	var entries []store.Entry
	var written []transfer
	for _, t := range p.transfers {
		if t.op != pushKeep {
			entries = append(entries, t.entry)
			written = append(written, t)
		}
	}
	var faults []error
	for i, result := range p.store.Write(ctx, entries) {
		faults = append(faults, p.record(written[i], result))
		if result.Err != nil {
			faults = append(faults, result.Err)
			continue
		}
		p.tell.note("wrote %s%s", entries[i].Ref, versionText(result.Version))
	}
	if faults = slices.DeleteFunc(faults, func(err error) bool { return err == nil }); len(faults) > 0 {
		slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
		err := errors.Join(faults...)
		p.tell.result("failed", err.Error())
		return err
	}
	p.tell.note("docker secrets migrate --to '%s' makes the stack file take them from there", p.options.to)
	p.tell.result("written", counted(len(entries), "place")+" written")
	return nil
}

// record writes what became of t into the audit log.
func (p *push) record(t transfer, result store.Result) error {
	entry := audit.Entry{Operation: string(t.op), Kind: "secret", Secret: t.name, Version: t.entry.Ref.String(), From: t.from, Result: audit.Done}
	if result.Err != nil {
		entry.Result = audit.Failed
	}
	return p.trail.append(entry)
}

func versionText(version string) string {
	if version == "" {
		return ""
	}
	return ", version " + version
}
