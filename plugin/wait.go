package plugin

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/swarm"
)

// waitOptions say what a change waits for before it is taken to have gone well.
type waitOptions struct {
	stable     time.Duration // 0 for the default of each service
	patience   time.Duration
	noWaitJobs bool
}

// addWaitFlags adds the flags of a command that waits for tasks.
func addWaitFlags(cmd *cobra.Command, o *waitOptions) {
	flags := cmd.Flags()
	flags.DurationVar(&o.stable, "stable", 0, fmt.Sprintf("How long tasks have to run without a failure (default the longest of %s, the service's monitor period, "+
		"and its healthcheck's start period + interval × retries; at most half of the time that is left)", swarm.DefaultStable))
	flags.DurationVar(&o.patience, "patience", swarm.DefaultPatience, "How long a service may go on failing in the same way: three times at least, or without a node or an image")
	flags.BoolVar(&o.noWaitJobs, "no-wait-jobs", false, `Do not wait until jobs and one-shots (restart: "no") have completed; that they run is enough`)
}

// checkWait refuses times that mean nothing, or that cannot be waited for.
func checkWait(cmd *cobra.Command, o waitOptions, timeout time.Duration) error {
	for name, given := range map[string]time.Duration{"stable": o.stable, "patience": o.patience} {
		if cmd.Flags().Changed(name) && given <= 0 {
			return usageError(cmd, fmt.Sprintf("--%s %s: must be more than 0", name, given))
		}
	}
	if o.stable >= timeout {
		return usageError(cmd, fmt.Sprintf("--stable %s must be shorter than --timeout %s; give a longer --timeout", o.stable, timeout))
	}
	return nil
}

// watch waits until the tasks that are not in before run, of the services deployed, which
// are without the stack's name, and of those that it sees. It redacts the values of wants
// in what it shows. It returns how long the tasks have run, in words, "" if none had to.
func (c *change) watch(ctx context.Context, before swarm.State, wants []swarm.Want, deployed []string) (lasted string, err error) {
	show, end := c.tell.watching()
	defer end()
	opts := c.watchOptions(wants, show)
	opts.Before, opts.Deployed = before, deployed
	stable, err := swarm.Watch(ctx, c.api, c.stack, opts)
	if err != nil || stable == 0 {
		return "", err
	}
	return "running for " + period(stable), nil
}

func (c *change) watchOptions(wants []swarm.Want, show func(swarm.Progress)) swarm.WatchOptions {
	return swarm.WatchOptions{
		Stable: c.wait.stable, Patience: c.wait.patience, NoWaitJobs: c.wait.noWaitJobs,
		Values: valuesOf(wants), Report: show,
	}
}

// period returns d as people write it: 10 s, 1m30s; from a second on without parts of one.
func period(d time.Duration) string {
	if d > time.Second {
		d = d.Round(time.Second)
	}
	if d < time.Minute && d%time.Second == 0 {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return d.String()
}
