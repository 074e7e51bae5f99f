package plugin

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/recall"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/transform"
)

// remember reads the stack file that an earlier migrate wrote, if there is one, and sets
// what made it in the options where nothing is given now. given tells whether a flag is.
func (o *migrateOptions) remember(ctx context.Context, given func(flag string) bool) *recall.Memory {
	path := o.earlier()
	content, err := regular.Read(path)
	if err != nil {
		return nil // openOutput says what is wrong
	}
	folder := filepath.Dir(path)
	memory := recall.Open(content, folder, localSources(ctx, folder, o.load.Environ))
	if memory == nil {
		return nil
	}
	o.load.Recalled = memory.Recalled()
	if !given("prefix") {
		o.prefix = memory.Made.Prefix
	}
	if !given("to") && memory.Made.To != "" {
		o.to, o.moveNew = memory.Made.To, true
	}
	if !given("no-interpolate") {
		o.load.KeepNames = memory.Made.KeepNames
	}
	return memory
}

// earlier is the path at which migrate would write without what the stack file there
// tells: where -o says, beside the compose file, or if none is found without its flags,
// in this folder or one above.
func (o *migrateOptions) earlier() string {
	if o.output != "" && o.output != "-" {
		return o.abs(o.output)
	}
	if folder, err := compose.OutputDir(o.load); err == nil {
		return filepath.Join(folder, defaultOutput)
	}
	start := o.abs(cmp.Or(o.load.ProjectDir, "."))
	if len(o.load.Files) > 0 {
		start = filepath.Dir(o.abs(o.load.Files[0]))
	}
	for folder := start; ; folder = filepath.Dir(folder) {
		path := filepath.Join(folder, defaultOutput)
		if _, err := os.Stat(path); err == nil || folder == filepath.Dir(folder) {
			return path
		}
	}
}

func (o *migrateOptions) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(o.load.Dir, path)
}

// toMove are those of the secrets called names that go to the base of --to: all, or if
// only the stack file says --to, those that it does not have there already.
func (o migrateOptions) toMove(names []string, memory *recall.Memory) []string {
	if !o.moveNew {
		return names
	}
	return slices.DeleteFunc(names, memory.Managed)
}

// madeWith is what the stack file is made with. shows tells whether a text is in its model:
// a value is only written down if the file shows it anyway.
func (m *migration) madeWith(app *compose.Application, options migrateOptions, shows func(text string) bool) stackfile.Made {
	flags := app.Flags()
	made := stackfile.Made{
		Files: flags.Files, EnvFiles: flags.EnvFiles, Profiles: flags.Profiles, Name: flags.Name, ProjectDir: flags.ProjectDir,
		Prefix: options.prefix, To: options.to, KeepNames: options.load.KeepNames, Variables: map[string]string{}, Unset: m.unset(),
	}
	for _, name := range app.Empty() {
		made.Variables[name] = ""
	}
	texts := map[string]int{} // a variable may have another value in what is included
	for _, x := range app.Input.Interpolated {
		if !x.Default && !x.Unset {
			texts[x.Name]++
		}
	}
	for _, x := range app.Input.Interpolated {
		text := x.Value.Reveal()
		isPlain := m.sealing.Of(x.Name, x.Value) == "" && m.redactor.Redact(text) == text
		if !x.Default && !x.Unset && text != "" && texts[x.Name] == 1 && isPlain && shows(text) {
			made.Variables[x.Name] = text
		}
	}
	for _, v := range app.Input.Variables { // of bare keys
		text := v.Value.Reveal()
		if v.From.Scheme == "env" && text != "" && m.sealing.At(v.Service, v.Name) == "" && shows(text) {
			made.Variables[v.From.Path] = text
		}
	}
	return made
}

// textsIn returns what tells whether a text is in model. Most variables are a whole scalar,
// or nowhere: what is asked about a large model is not looked for in all of it each time.
func textsIn(model map[string]any) func(text string) bool {
	scalars := sync.OnceValue(func() map[string]bool {
		all := map[string]bool{}
		transform.EachText(model, func(_, text string) { all[text] = true })
		return all
	})
	printed := sync.OnceValue(func() string { return fmt.Sprint(model) })
	return func(text string) bool { return scalars()[text] || strings.Contains(printed(), text) }
}

// unset are the secrets of the stack file that have no value here and had none before,
// sorted. What is only made of another secret is none of them.
func (m *migration) unset() []string {
	known := map[string]bool{}
	for _, held := range m.sealing.Values() {
		known[held.Secret] = true
	}
	for _, name := range m.kept {
		known[name] = true
	}
	var names []string
	for _, used := range m.rewritten.Secrets {
		isOwn := func(d transform.Declared) bool { return d.Name == used.Name }
		if !known[used.Name] && slices.ContainsFunc(m.decisions.Secrets, isOwn) {
			names = append(names, used.Name)
		}
	}
	return names
}
