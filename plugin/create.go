package plugin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/swarm"
)

const createLong = `Create the secrets and configs of a stack file without deploying it.

Use it for stacks that another tool deploys: Portainer, swarm-cd, doco-cd, docker
stack deploy. It finds values, creates versions and pins them as deploy does, and
changes a value in use only with --rotate. Services do not change until the stack file
with its new pins is deployed. Nothing is pruned.

It prints a small stack file with all pins to stdout. Commit the pins in your stack
file, or pass the printed file to docker stack deploy with another -c. With --format
json, the events are those of deploy, with "pins" before the result, whose "status" is
created.`

func newCreateCommand(dockerCLI command.Cli) *cobra.Command {
	options := deployOptions{secretsOnly: true}
	cmd := &cobra.Command{
		Use:     "create [OPTIONS] [STACK]",
		Short:   "Create the secrets and configs of a stack file without deploying it",
		Long:    createLong,
		Example: "  docker secrets create shop > pins.yml\n  docker stack deploy -c docker-compose.prod.yml -c pins.yml shop",
		Args:    atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkSecretFlags(cmd, options); err != nil {
				return err
			}
			if len(args) > 0 {
				options.stack = args[0]
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return runDeploy(ctx, dockerCLI, options)
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	addSecretFlags(cmd.Flags(), &options)
	return cmd
}

// create does of p what comes before docker stack deploy, and prints the pins. It returns
// how far it came.
func (d *deployment) create(ctx, lockCtx context.Context, p deployProposal) (phase, error) {
	timed, cancel := d.timed(lockCtx)
	defer cancel()
	if err := d.apply(timed, p.plan); err != nil {
		return creating, d.failed(ctx, lockCtx, p.proposal, attempt{reached: creating}, err)
	}
	d.remember(p)
	p.pins.write(d.tell)
	d.tellLeft(p.file)
	d.tell.pins(p.file.Version, p.plan.Pins)
	d.tell.result("created", d.stack+" has its secrets and configs")
	return creating, d.concludeChanged(p.plan)
}

// tellLeft names the variables that whoever deploys file has to fill in.
func (d *deployment) tellLeft(file stackfile.Stack) {
	var names []string
	for _, variable := range file.Variables {
		if !swarm.Harmless(variable.Name) {
			names = append(names, "${"+variable.Name+"}")
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) > 0 {
		d.tell.note("not created here, left to docker stack deploy: %s", strings.Join(names, ", "))
	}
}

// pinReport is a pin as --format json prints it.
type pinReport struct {
	Kind   string `json:"kind"`
	Secret string `json:"secret"`
	Name   string `json:"name"` // on the Swarm
}

// pins prints pins: as a stack file of that version, or as one event.
func (t *teller) pins(version string, pins []swarm.Pin) {
	var layer []stackfile.Pin
	reports := []pinReport{}
	for _, pin := range pins {
		object := stackfile.Object{Config: pin.Kind == swarm.Config}
		layer = append(layer, stackfile.Pin{Block: object.Block(), Key: pin.Secret, Object: pin.Object})
		reports = append(reports, pinReport{Kind: pin.Kind.String(), Secret: pin.Secret, Name: pin.Object})
	}
	if t.json {
		t.emit(event{Event: "pins", Pins: reports})
		return
	}
	_, _ = fmt.Fprintf(t.cli.Out(), "%s", stackfile.PinLayer(version, layer))
}
