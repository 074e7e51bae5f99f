package plugin

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/check"
	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/repository"
	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// repository is what git knows of the application's folder. What git does not tell is a
// fact, and no error.
func (i *inspection) repository(ctx context.Context) check.Repository {
	app := i.app.app
	git, err := repository.Open(ctx, app.Folder(), i.options.load.Environ)
	if err != nil {
		return check.Repository{Blind: err.Error()}
	}
	var facts check.Repository
	if facts.EnvFiles, err = i.trackedEnvFiles(ctx, git); err != nil {
		return check.Repository{Blind: err.Error()}
	}
	facts.Ignore = i.app.place(compose.Spot{File: filepath.Join(app.Folder(), ".gitignore")})
	if err = i.ignored(ctx, git, &facts); err != nil {
		return check.Repository{Blind: err.Error()}
	}
	sought := i.sought(&facts)
	history, err := git.Search(ctx, sought)
	if err != nil {
		facts.HistoryBlind = err.Error()
		return facts
	}
	facts.HistoryBlind, facts.Commits = history.Blind, history.Commits
	for _, leak := range history.Leaks {
		facts.Leaks = append(facts.Leaks, i.leak(leak))
	}
	return facts
}

// shortCommit is how many digits of a commit's name people are shown.
const shortCommit = 12

func (i *inspection) leak(leak repository.Leak) check.Leak {
	found := check.Leak{Secret: leak.Name, Commit: leak.Commit[:min(shortCommit, len(leak.Commit))], Shape: leak.Shape, More: leak.More}
	found.Place = check.Place{File: "its message", Line: leak.Line}
	if leak.Path != "" {
		found.Place = check.Place{File: i.below(leak.Path), Line: leak.Line, Column: 1}
	}
	return found
}

// below returns path, relative to the application's folder, relative to the folder that
// people work in.
func (i *inspection) below(path string) string {
	rel, err := filepath.Rel(i.options.load.Dir, filepath.Join(i.app.app.Folder(), filepath.FromSlash(path)))
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// sought returns the values of the application that can be searched for, and notes in
// facts those that cannot.
func (i *inspection) sought(facts *check.Repository) []repository.Sought {
	var all []repository.Sought
	known := map[string]bool{}
	for _, sealed := range i.app.sealing.Values() {
		known[sealed.Secret] = true
		_, managed := secret.Managed(sealed.Value.Reveal())
		switch {
		case managed:
		case verdict.Distinctive(sealed.Value):
			all = append(all, repository.Sought{Name: sealed.Secret, Value: sealed.Value})
		case !slices.Contains(facts.TooCommon, sealed.Secret):
			facts.TooCommon = append(facts.TooCommon, sealed.Secret)
		}
	}
	for _, declared := range i.app.decisions.Secrets {
		if !known[declared.Name] {
			facts.NotHere = append(facts.NotHere, declared.Name)
		}
	}
	for _, other := range i.app.sealing.Disguises() {
		all = append(all, repository.Sought{Name: check.PartOfSecret, Value: other})
	}
	return all
}

// ignored finds out which of the patterns .gitignore has.
func (i *inspection) ignored(ctx context.Context, git *repository.Repository, facts *check.Repository) error {
	var samples []string
	for _, p := range check.IgnorePatterns {
		samples = append(samples, p.Sample)
	}
	ignored, err := git.Ignored(ctx, samples)
	if err != nil {
		return err
	}
	for at, p := range check.IgnorePatterns {
		if ignored[at] {
			facts.Ignored++
		} else {
			facts.NotIgnored = append(facts.NotIgnored, p.Pattern)
		}
	}
	return nil
}

// trackedEnvFiles returns the env files that git tracks: those that the application
// reads, and those below its folder that are called so.
func (i *inspection) trackedEnvFiles(ctx context.Context, git *repository.Repository) ([]check.TrackedFile, error) {
	tracked, err := git.Tracked(ctx)
	if err != nil {
		return nil, err
	}
	var all []check.TrackedFile
	read := i.app.app.EnvFiles()
	for _, path := range tracked {
		abs := filepath.Join(i.app.app.Folder(), filepath.FromSlash(path))
		named := repository.IsEnvFile(path) && !repository.Example(path) && !strings.HasPrefix(path, "../")
		if named || slices.Contains(read, abs) {
			all = append(all, i.trackedFile(abs))
		}
	}
	return all, nil
}

// trackedFile judges the keys of the env file at path.
func (i *inspection) trackedFile(path string) check.TrackedFile {
	file := check.TrackedFile{Place: i.app.place(compose.Spot{File: path, Line: 1, Column: 1})}
	values, err := compose.ReadEnvFile(path, "", nil, func(string) (string, bool) { return "", false })
	if err != nil {
		return file
	}
	policy := verdict.Policy{Written: &i.app.app.Written.Policy}
	for name, value := range values {
		_, managed := secret.Managed(value.Reveal())
		if !managed && !value.Empty() && policy.Judge(verdict.Candidate{Name: name, Value: value}).Verdict == transform.Secret {
			file.Secrets = append(file.Secrets, name)
		}
	}
	slices.Sort(file.Secrets)
	if len(file.Secrets) > 0 {
		file.Place = i.app.place(compose.EnvFileSpot(path, file.Secrets[0]))
	}
	return file
}
