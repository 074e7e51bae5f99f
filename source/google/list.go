package google

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	"github.com/docker-secrets/docker-secrets/source/store"
)

// List lists the secrets of base's project.
func (g *Store) List(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	refs, err := g.list(ctx, base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", base, err)
	}
	return refs, nil
}

func (g *Store) list(ctx context.Context, base secret.Reference) ([]secret.Reference, error) {
	if err := store.CheckArguments(base); err != nil {
		return nil, err
	}
	project, prefix, _ := strings.Cut(base.Path, "/")
	if !projectPattern().MatchString(project) {
		return nil, errors.New("there is no project in it; write gcpsecrets://PROJECT/, with the project's id or number")
	}
	s, err := g.open(ctx)
	if err != nil {
		return nil, err
	}
	names, err := s.names(ctx, project, prefix, 0)
	if err != nil {
		return nil, s.fault(ctx, err, location{project: project}, viewer)
	}
	slices.Sort(names)
	var refs []secret.Reference
	for _, name := range names {
		refs = append(refs, secret.Reference{Scheme: base.Scheme, Path: project + "/" + name})
	}
	return refs, nil
}

// names returns the names of project's secrets that begin with prefix, from the given
// number of pages; 0 means all.
func (s session) names(ctx context.Context, project, prefix string, pages int) ([]string, error) {
	query := url.Values{"pageSize": {"250"}}
	// Google's filter finds a word anywhere in the name, in any case. That shortens the
	// list; the prefix is compared below. A word needs no quotes.
	if word := leadingWord(prefix); word != "" {
		query.Set("filter", "name:"+word)
	}
	var names []string
	for n := 0; pages == 0 || n < pages; n++ {
		var answer struct {
			Secrets       []struct{ Name string }
			NextPageToken string
		}
		if err := s.call(ctx, http.MethodGet, "projects/"+project+"/secrets?"+query.Encode(), nil, &answer); err != nil {
			return nil, err
		}
		for _, found := range answer.Secrets {
			if name := path.Base(found.Name); strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
		if answer.NextPageToken == "" {
			break
		}
		query.Set("pageToken", answer.NextPageToken)
	}
	return names, nil
}

// leadingWord returns the letters, digits and _ that text begins with.
func leadingWord(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		return text
	}
	return text[:end]
}

// explainMissing completes each errNoSecret in results with similar names, if the caller
// may list the project's.
func (s session) explainMissing(ctx context.Context, locs []location, results []store.Result) []store.Result {
	names := map[string][]string{}
	for i, result := range results {
		if !errors.Is(result.Err, errNoSecret) {
			continue
		}
		loc := locs[i]
		if _, asked := names[loc.project]; !asked {
			names[loc.project] = s.suggestedNames(ctx, loc.project)
		}
		results[i].Err = fmt.Errorf("the project %s has no secret %s with a version%s: %w", loc.project, loc.name, store.Suggestion(loc.name, names[loc.project]), store.ErrNotFound)
	}
	return results
}

// suggestedNames returns names of secrets in project, not always all; nil if they cannot be
// listed quickly.
func (s session) suggestedNames(ctx context.Context, project string) []string {
	ctx, cancel := context.WithTimeout(ctx, store.SuggestTimeout)
	defer cancel()
	names, err := s.names(ctx, project, "", store.SuggestPages)
	if err != nil {
		return nil
	}
	return names
}
