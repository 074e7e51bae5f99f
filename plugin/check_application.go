package plugin

import (
	"cmp"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/image/buildcontext"
	"github.com/docker-secrets/docker-secrets/internal/regular"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// application is a Compose application that was judged.
type application struct {
	app       *compose.Application
	absent    []string // env files and variables that are not here
	decisions transform.Decisions
	sealing   classify.Sealing
}

// loadApplication reads and judges the application. What belongs to a developer's
// machine may be missing.
func loadApplication(ctx context.Context, options checkOptions) (*application, error) {
	app, absent, err := compose.LoadPartly(ctx, options.load)
	if err != nil {
		return nil, err
	}
	knowBases(app)
	decisions, sealing := classify.Classify(app.Input, verdict.Policy{Written: &app.Written.Policy})
	return &application{app: app, absent: absent, decisions: decisions, sealing: sealing}, nil
}

// facts is what the rules ask about the application.
func (a *application) facts(ctx context.Context) (check.Application, error) {
	facts := check.Application{Absent: a.absent}
	for i, v := range a.app.Input.Variables {
		decision := a.decisions.Variables[i]
		if decision.Verdict == transform.Secret {
			facts.Variables = append(facts.Variables, a.variable(v, decision))
		}
		if looksSecret := (verdict.Policy{}).Judge(candidateOf(v)).Verdict == transform.Secret; decision.CalledPlain() && looksSecret && !v.Value.Empty() {
			facts.CalledPlain = append(facts.CalledPlain, v.Service+"."+v.Name)
		}
	}
	texts, err := a.app.Texts(ctx)
	if err != nil {
		return facts, err
	}
	for _, t := range texts {
		facts.Texts = append(facts.Texts, check.Text{Kind: string(t.Kind), Path: t.Path, Service: t.Service, Place: a.place(t.Spot), Written: t.Written})
	}
	facts.EqualValues = a.equalValues()
	facts.Contexts, err = a.contexts(ctx)
	return facts, err
}

func candidateOf(v classify.Variable) verdict.Candidate {
	return verdict.Candidate{Service: v.Service, Image: cmp.Or(v.Image, v.Base), Name: v.Name, Value: v.Value, HasVariables: len(v.Uses) > 0}
}

func (a *application) variable(v classify.Variable, decision transform.Decision) check.Variable {
	found := check.Variable{Service: v.Service, Name: v.Name, Secret: decision.Secret, Place: a.place(a.app.VariableSpot(v.Service, v.Name))}
	found.Written, found.Default = writtenIn(v)
	return found
}

// writtenIn tells whether a compose file has the secret part of v's value, and whether
// it has it as a default.
func writtenIn(v classify.Variable) (written, isDefault bool) {
	if _, managed := secret.Managed(v.Value.Reveal()); managed || v.Value.Empty() || v.From.Scheme == "dotenv" {
		return false, false
	}
	if len(v.Pieces) == 0 {
		return v.Shown, false
	}
	spans := verdict.Credentials(v.Value.Reveal())
	start := 0
	for _, piece := range v.Pieces {
		end := start + piece.Value.Len()
		if piece.Variable == "" && end > start && tells(piece, start, end, spans, len(v.Pieces) == 1) {
			if piece.Default == "" {
				return true, false
			}
			written, isDefault = true, true
		}
		start = end
	}
	return written, isDefault
}

// tells reports whether a piece that people wrote, from start to end of a value, is the
// secret part of it.
func tells(piece classify.Piece, start, end int, spans []verdict.Span, whole bool) bool {
	if len(spans) > 0 {
		return slices.ContainsFunc(spans, func(s verdict.Span) bool { return s.Start < end && start < s.End })
	}
	return whole || verdict.Distinctive(piece.Value)
}

// equalValues returns the values that several secrets have.
func (a *application) equalValues() []check.Equal {
	var all []check.Equal
	values := a.sealing.Values()
	done := map[int]bool{}
	for i, first := range values {
		if done[i] || !verdict.Distinctive(first.Value) {
			continue
		}
		names := []string{first.Secret}
		for j := i + 1; j < len(values); j++ {
			if values[j].Value.Equal(first.Value) {
				done[j] = true
				names = append(names, values[j].Secret)
			}
		}
		if slices.Sort(names); len(slices.Compact(names)) > 1 {
			names = slices.Compact(names)
			all = append(all, check.Equal{Secrets: names, Place: a.placeOfSecret(names[1])})
		}
	}
	return all
}

// placeOfSecret returns where the first variable of a secret is written.
func (a *application) placeOfSecret(name string) check.Place {
	for _, d := range a.decisions.Variables {
		if d.Secret == name {
			return a.place(a.app.VariableSpot(d.Service, d.Name))
		}
	}
	return check.Place{}
}

// contexts returns the folders that images are built from, as far as they are here.
func (a *application) contexts(ctx context.Context) ([]check.Context, error) {
	builds, err := a.app.Contexts(ctx)
	if err != nil {
		return nil, err
	}
	var all []check.Context
	for _, build := range builds {
		if info, err := os.Stat(build.Context); err != nil || !info.IsDir() {
			continue
		}
		found := a.contextOf(build)
		same := slices.IndexFunc(all, func(c check.Context) bool { return c.Place.File == found.Place.File })
		if same >= 0 {
			all[same].Services = append(all[same].Services, build.Service)
			continue
		}
		all = append(all, found)
	}
	return all, nil
}

func (a *application) contextOf(build compose.Build) check.Context {
	folder := regular.FS(build.Context)
	names := sensitive(folder)
	in, file, err := buildcontext.LetIn(folder, build.Dockerfile, names)
	found := check.Context{Folder: a.app.Show(build.Context), Services: []string{build.Service}, LetIn: in}
	found.Place = a.place(compose.Spot{File: filepath.Join(build.Context, filepath.FromSlash(file))})
	if err != nil {
		found.Blind = a.app.Show(build.Context) + ": " + err.Error()
	}
	return found
}

// sensitive returns the files in folder that no image should have, and .env, which is
// there in production if not here.
func sensitive(folder fs.FS) []string {
	names := buildcontext.Sensitive(folder)
	if !slices.ContainsFunc(names, func(name string) bool { return name == ".env" || strings.HasSuffix(name, "/.env") }) {
		names = append([]string{".env"}, names...)
	}
	return names
}
