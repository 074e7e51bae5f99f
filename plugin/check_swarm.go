package plugin

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

// observed is what a check saw of the Swarm.
type observed struct {
	state swarm.State
	file  stackfile.Stack // the stack's; zero if it is not at hand
	wants []swarm.Want    // what is known of its secrets
	facts check.Swarm
}

// swarmFacts is what the rules ask about the Swarm. Without a stack nobody is asked.
func (i *inspection) swarmFacts(ctx context.Context) (check.Swarm, error) {
	o := &observed{facts: check.Swarm{Stack: i.options.stack, MaxAge: i.options.maxAge, Managers: i.managerAddresses()}}
	if i.options.stack == "" {
		o.facts.Blind = "the Swarm, because no STACK was given: docker secrets check STACK"
		return o.facts, nil
	}
	if err := i.observe(ctx, o); err != nil {
		return check.Swarm{}, err
	}
	i.versions(o)
	i.engine(ctx, o)
	i.grants(ctx, o)
	i.newer(ctx, o)
	if err := i.resolveHere(ctx, o); err != nil {
		return check.Swarm{}, err
	}
	o.residues()
	return o.facts, o.shared(ctx, i.cli.Client())
}

// observe looks at the Swarm, and reads the stack's file where that is at hand.
func (i *inspection) observe(ctx context.Context, o *observed) error {
	var err error
	if o.state, err = swarm.Observe(ctx, i.cli.Client(), i.options.stack); err != nil {
		return err
	}
	if err = mustBeThere(o.state); err != nil {
		return err
	}
	if i.stack.content != nil && i.isOfStack(o.state) {
		o.file, err = fileAtHand([]string{i.stack.path}, i.options.stack)
	}
	return err
}

// mustBeThere fails if the Swarm has nothing of the snapshot's stack.
func mustBeThere(state swarm.State) error {
	if !state.Deployed() && len(state.SecretNames()) == 0 {
		return fmt.Errorf("%s: there is no such stack on the Swarm; deploy it first, or leave the stack out", state.Stack)
	}
	return nil
}

// isOfStack tells whether the stack file is that of the stack: it is named, or says so, or
// names a stack that does not run, so that deploy was told another name.
func (i *inspection) isOfStack(state swarm.State) bool {
	named := i.stack.outline.Stack
	if i.options.stackFile != "" || named == "" || named == i.options.stack {
		return true
	}
	state.Stack = named
	return !state.Deployed()
}

// versions fills in which versions are there, which are old, and which are missing.
func (i *inspection) versions(o *observed) {
	pins := filePins(o.file)
	removable := map[string]bool{}
	for _, op := range swarm.NewPrune(i.options.stack, o.state, swarm.PruneOptions{Named: pins, Keep: 1}).Ops {
		removable[op.Name] = op.Kind == swarm.Secret
	}
	now := time.Now()
	for _, object := range o.state.Objects {
		ours := object.Owner.Stack == i.options.stack
		if object.Kind != swarm.Secret || !ours && !slices.Contains(o.state.UsingStacks(object), i.options.stack) {
			continue
		}
		age := now.Sub(object.CreatedAt)
		name := object.Owner.Secret
		if !ours {
			name = object.Name
		}
		o.facts.Versions = append(o.facts.Versions, check.Version{
			Secret: name, Object: object.Name, InUse: len(o.state.Users(object)) > 0, Kept: !removable[object.Name],
			TooOld: age > i.options.age, Age: ageText(age),
		})
	}
	for _, listed := range swarm.List(o.state, pins) {
		if listed.Usage == swarm.Missing && listed.Kind == swarm.Secret {
			o.facts.Missing = append(o.facts.Missing, listed.Name)
		}
	}
}

// ageText says an age as people do.
func ageText(age time.Duration) string {
	switch {
	case age >= 2*day:
		return fmt.Sprintf("%d days", age/day)
	case age >= 2*time.Hour:
		return fmt.Sprintf("%d hours", age/time.Hour)
	}
	return fmt.Sprintf("%d minutes", age/time.Minute)
}

// engine fills in how the Swarm's store and the way to the Engine are protected.
func (i *inspection) engine(ctx context.Context, o *observed) {
	locked, err := swarm.Autolocked(ctx, i.cli.Client())
	o.facts.Autolock = locked || err != nil
	host := i.cli.Client().DaemonHost()
	if strings.HasPrefix(host, "tcp://") && i.cli.DockerEndpoint().TLSData == nil {
		o.facts.PlainEngine = host
	}
}

// grants fills in what keeps services from their secrets.
func (i *inspection) grants(ctx context.Context, o *observed) {
	pinned := map[string]string{}
	for _, pin := range filePins(o.file) {
		if pin.Kind == swarm.Secret {
			pinned[pin.Secret] = pin.Object
		}
	}
	users := map[string]string{}
	for _, g := range o.state.Grants() {
		o.facts.Running++
		if _, known := users[g.Image]; !known && g.User == "" {
			users[g.Image] = i.imageUser(ctx, g.Image)
		}
		o.grant(g, cmp.Or(g.User, users[g.Image]), pinned[g.Secret])
	}
	o.facts.NotFound = append(o.facts.NotFound, taskFaults(o.state)...)
}

// grant notes what is wrong with g, whose process runs as user; pin is the version that
// the stack file names.
func (o *observed) grant(g swarm.Grant, user, pin string) {
	trouble := func(detail string) []check.Trouble {
		return []check.Trouble{{Service: g.Service, Secret: g.Secret, Detail: detail}}
	}
	if g.Gone {
		o.facts.NotFound = append(o.facts.NotFound, trouble(g.Object+" is not on the Swarm any more")...)
	}
	if detail := check.Denied(user, g.UID, g.GID, g.Mode); detail != "" && !g.Task {
		o.facts.Denied = append(o.facts.Denied, trouble(detail)...)
	}
	switch {
	case g.Task:
		o.facts.Old = append(o.facts.Old, trouble("a task still runs with "+g.Object)...)
	case pin != "" && pin != g.Object:
		o.facts.Old = append(o.facts.Old, trouble(fmt.Sprintf("it runs with %s, and the stack file names %s", g.Object, pin))...)
	}
}

// taskFaults returns the tasks of the stack that could not start for a secret.
func taskFaults(state swarm.State) []check.Trouble {
	var all []check.Trouble
	for _, fault := range state.TaskFaults() {
		if strings.Contains(fault.Text, "secret") && (strings.Contains(fault.Text, "not found") || strings.Contains(fault.Text, "unreachable")) {
			all = append(all, check.Trouble{Service: fault.Service, Secret: "a secret", Detail: "a task could not start, because the secret was not found"})
		}
	}
	return slices.Compact(all)
}

// imageUser returns the user of an image that the Engine has, "" if it is not known.
func (i *inspection) imageUser(ctx context.Context, image string) string {
	name, _, _ := strings.Cut(image, "@")
	found, err := i.cli.Client().ImageInspect(ctx, name)
	if err != nil || found.Config == nil {
		return ""
	}
	return found.Config.User
}

// newer asks the secret managers for newer versions.
func (i *inspection) newer(ctx context.Context, o *observed) {
	rows := diffRows(o.state, o.file)
	o.facts.Managed = len(rows)
	if len(rows) == 0 {
		return
	}
	systems, err := i.systems(o.file)
	if err == nil {
		err = askVersions(ctx, systems, rows)
	}
	if err != nil {
		o.facts.NewerBlind = "a secret manager did not say whether it has newer versions: " + strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	for _, row := range rows {
		if row.state == versionNewer {
			o.facts.Newer = append(o.facts.Newer, row.secret)
		}
	}
}
