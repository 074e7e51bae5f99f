package plugin

import (
	"bytes"
	"io"
	"testing"

	"github.com/docker/cli/cli/command"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// benchStage is one stage of migrate; one without a name only prepares the next one.
type benchStage struct {
	name string
	run  func() error
}

// benchStages are the stages of migrate for the application in dir, in order. Each takes
// what the one above has made.
func benchStages(b *testing.B, dir string, dockerCLI command.Cli) []benchStage {
	b.Helper()
	options := migrateOptions{load: compose.Options{Dir: dir}, offline: true}
	var app *compose.Application
	var decisions transform.Decisions
	var sealing classify.Sealing
	var sealed *compose.SealedApplication
	var rewritten transform.Rewritten
	var file outputFile
	var made *migration
	var content []byte
	return []benchStage{
		{"load", func() (err error) { app, err = compose.Load(b.Context(), options.load); return err }},
		{"classify", func() error { decisions, sealing = classify.Classify(app.Input, verdict.Policy{}); return nil }},
		{"seal", func() (err error) { sealed, err = app.Seal(b.Context(), sealing); return err }},
		{"rewrite", func() (err error) {
			settings := transform.Options{Templates: classify.Templates(app.Input, sealing), Offline: true}
			rewritten, err = transform.Rewrite(sealed.Model, decisions, settings)
			return err
		}},
		{"lower", func() error { _, _, err := sealed.Lower(rewritten.Model); return err }},
		{"", func() (err error) {
			if app, err = compose.Load(b.Context(), options.load); err != nil {
				return err
			}
			if file, err = openOutput(app, options); err != nil {
				return err
			}
			made, err = migrate(b.Context(), dockerCLI, app, file, options, localSources(b.Context(), app.OutputDir(), nil), nil)
			return err
		}},
		{"render", func() (err error) { content, err = made.render(b.Context(), app, file, options); return err }},
		{"prove", func() error { return made.prove(app, content, localSources(b.Context(), app.OutputDir(), nil)) }},
	}
}

// What each stage of migrate costs, for make bench and benchstat.
func BenchmarkStages(b *testing.B) {
	dir := b.TempDir()
	if err := writeLarge(dir); err != nil {
		b.Fatal(err)
	}
	dockerCLI, err := command.NewDockerCli(command.WithOutputStream(io.Discard), command.WithErrorStream(&bytes.Buffer{}))
	if err != nil {
		b.Fatal(err)
	}
	for at, stage := range benchStages(b, dir, dockerCLI) {
		if stage.name == "" {
			continue
		}
		b.Run(stage.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				stages := benchStages(b, dir, dockerCLI)
				for _, before := range stages[:at] {
					if err := before.run(); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
				if err := stages[at].run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
