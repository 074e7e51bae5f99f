package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/graph"
	"github.com/docker-secrets/docker-secrets/internal/regular"
)

type graphOptions struct {
	stack  string // "" without an Engine
	files  []string
	format string
	output string
	maxAge string
	age    time.Duration
}

const graphLong = `Draw where the secrets of a stack come from and which services read them.

With -c, or in a folder with ` + defaultOutput + `, it draws the stack file. With STACK
it also asks the Swarm which version is in use, and which secrets are old or shared with
another stack.

Marks: old (older than --max-age), weak (a weak or default value, if the value is
available here), shared (by five or more services, or with another stack), unused, and
unread (the service does not read its secrets).

The svg and html formats are single files that need no network.`

func newGraphCommand(dockerCLI command.Cli) *cobra.Command {
	var options graphOptions
	cmd := &cobra.Command{
		Use:     "graph [OPTIONS] [STACK]",
		Short:   "Draw sources, secrets and services",
		Long:    graphLong,
		Example: "  docker secrets graph --format svg -o secrets.svg\n  docker secrets graph gym_ai --format html -o secrets.html",
		Args:    atMostOneArgument,
		RunE: func(cmd *cobra.Command, args []string) error {
			if graph.Formats[options.format] == nil {
				return usageError(cmd, fmt.Sprintf("--format %s: write mermaid, dot, svg or html", options.format))
			}
			age, err := parseAge(options.maxAge)
			if err != nil {
				return usageError(cmd, fmt.Sprintf("--max-age %s: %s", options.maxAge, err))
			}
			options.age = age
			if len(args) > 0 {
				options.stack = args[0]
			}
			ctx, stop := interruptible(cmd)
			defer stop()
			return reading(ctx, func() error { return runGraph(ctx, dockerCLI, options) })
		},
		ValidArgsFunction: completeStack(dockerCLI),
	}
	flags := cmd.Flags()
	flags.StringArrayVarP(&options.files, "compose-file", "c", nil, "Stack file; may be given several times (default "+defaultOutput+")")
	flags.StringVar(&options.format, "format", "mermaid", `"mermaid", "dot", "svg" or "html"`)
	flags.StringVarP(&options.output, "output", "o", "", "File to write, instead of stdout")
	flags.StringVar(&options.maxAge, "max-age", "90d", "Age from which a secret is marked as old, such as 90d or 12h")
	return cmd
}

// runGraph draws what the stack file and the Swarm say.
func runGraph(ctx context.Context, dockerCLI command.Cli, options graphOptions) error {
	d := newDiagram()
	file, err := options.stackFile()
	if err != nil {
		return err
	}
	d.title = options.stack
	if len(file.Files) > 0 {
		if err := d.addFile(ctx, file); err != nil {
			return err
		}
	}
	if options.stack != "" {
		if err := d.addSwarm(ctx, dockerCLI, options); err != nil {
			return err
		}
	}
	var drawn bytes.Buffer
	if err := graph.Formats[options.format](&drawn, d.graph()); err != nil {
		return err
	}
	if options.output != "" && options.output != "-" {
		if err := stackfile.Write(options.output, drawn.Bytes()); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(dockerCLI.Err(), "wrote "+options.output)
		return nil
	}
	if _, err := dockerCLI.Out().Write(drawn.Bytes()); !readerLeft(err) {
		return err
	}
	return nil
}

// stackFile reads the stack file that is drawn. Without a stack there must be one.
func (o graphOptions) stackFile() (stackfile.Stack, error) {
	if o.stack == "" && len(o.files) == 0 {
		return readStack([]string{defaultOutput})
	}
	return fileAtHand(o.files, o.stack)
}

// diagram collects what is drawn.
type diagram struct {
	title    string
	secrets  map[string]*graph.Secret
	services map[string]*graph.Service
}

func newDiagram() *diagram {
	return &diagram{secrets: map[string]*graph.Secret{}, services: map[string]*graph.Service{}}
}

func (d *diagram) secret(name string) *graph.Secret {
	if d.secrets[name] == nil {
		d.secrets[name] = &graph.Secret{Name: name, Object: name}
	}
	return d.secrets[name]
}

func (d *diagram) service(name string) *graph.Service {
	if d.services[name] == nil {
		d.services[name] = &graph.Service{Name: name}
	}
	return d.services[name]
}

// manyReaders is from how many services on a secret is marked as shared.
const manyReaders = 5

// graph returns what was collected, sorted.
func (d *diagram) graph() graph.Graph {
	g := graph.Graph{Title: d.title}
	for _, name := range slices.Sorted(maps.Keys(d.secrets)) {
		s := d.secrets[name]
		slices.Sort(s.Services)
		s.Services = slices.Compact(s.Services)
		switch {
		case len(s.Services) == 0:
			s.Marks = append(s.Marks, graph.Unused)
		case len(s.Services) >= manyReaders:
			s.Marks = append(s.Marks, graph.Shared)
		}
		slices.SortFunc(s.Marks, func(a, b graph.Mark) int { return strings.Compare(string(a), string(b)) })
		s.Marks = slices.Compact(s.Marks)
		g.Secrets = append(g.Secrets, *s)
	}
	for _, name := range slices.Sorted(maps.Keys(d.services)) {
		g.Services = append(g.Services, *d.services[name])
	}
	return g
}

// addFile draws what the stack files say.
func (d *diagram) addFile(ctx context.Context, file stackfile.Stack) error {
	for _, path := range file.Files {
		content, err := regular.Read(path)
		if err != nil {
			return errors.New(path + " cannot be read: " + reason(err))
		}
		outline, err := stackfile.ParseOutline(path, content)
		if err != nil {
			return err
		}
		d.addOutline(outline)
	}
	if d.title == "" {
		d.title = file.Name
	}
	d.addSources(file)
	return d.addWeak(ctx, file)
}

func (d *diagram) addOutline(outline stackfile.Outline) {
	targets := map[[2]string]string{} // service, target → secret
	for _, e := range outline.Secrets {
		d.secret(e.Name).Object = e.Object
	}
	for _, s := range outline.Services {
		if len(s.Grants) > 0 {
			d.service(s.Name)
		}
		for _, g := range s.Grants {
			targets[[2]string{s.Name, g.Target}] = g.Name
			d.secret(g.Name).Services = append(d.secret(g.Name).Services, s.Name)
		}
	}
	for _, u := range outline.Unread {
		if s := d.service(u.Name); !slices.Contains(s.Marks, graph.Unread) {
			s.Marks = append(s.Marks, graph.Unread)
		}
	}
	for name, made := range outline.Made(targets) {
		d.secret(name).Made = made
	}
}
