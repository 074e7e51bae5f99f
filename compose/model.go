package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/docker-secrets/docker-secrets/compose/internal/document"
	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
)

// substitution is compose-go's hook that interpolates one scalar. An include
// replaces the lookup that it is given, and keeps the hook.
type substitution func(text string, value template.Mapping) (string, error)

// maxInterpolated is the number of bytes that the variables of an application may be
// replaced by, together.
const maxInterpolated = 64 << 20

// bounded is substitute until its results are larger than maxInterpolated. From there on
// the error is expression.ErrLong.
func bounded(substitute substitution) substitution {
	left := maxInterpolated
	return func(text string, value template.Mapping) (string, error) {
		if left < 0 {
			return "", expression.ErrLong
		}
		made, err := substitute(text, value)
		if left -= max(0, len(made)-len(text)); left < 0 {
			return "", expression.ErrLong
		}
		return made, err
	}
}

// model loads the files of s into compose-go's merged, interpolated tree, in the
// author's forms and without defaults. It also returns the project's name. env is
// for interpolation, bare keys and secrets.*.environment. The error is compose-go's
// own and may quote any value: see explain.
func (s *sources) model(ctx context.Context, env map[string]string, substitute substitution) (tree map[string]any, name string, err error) {
	tree, name, err = s.modelOf(ctx, s.configFiles(), env, substitute)
	if err != nil {
		return nil, "", s.firstFault(ctx, err, env, substitute)
	}
	return tree, name, nil
}

// firstModel is model, and what it was opened of; nil if it was loaded in one piece.
func (s *sources) firstModel(ctx context.Context, env map[string]string, substitute substitution) (tree map[string]any, name string, l *loaded, err error) {
	if l, err = s.closedModel(ctx, env, substitute); err == nil {
		if tree, err = l.opened(env, substitute); err == nil {
			return tree, l.name.Reveal(), l, nil
		}
	}
	tree, name, err = s.model(ctx, env, substitute)
	return tree, name, nil, err
}

// modelOf is model of files. Of several faults it may report any.
func (s *sources) modelOf(ctx context.Context, files []types.ConfigFile, env map[string]string, substitute substitution) (tree map[string]any, name string, err error) {
	defer stumbled(&err)
	muteLog()
	var options *loader.Options
	details := types.ConfigDetails{WorkingDir: s.dir, ConfigFiles: files, Environment: maps.Clone(env)}
	tree, err = loader.LoadModelWithContext(ctx, details, func(o *loader.Options) {
		options = o
		o.SkipNormalization = true
		o.SkipDefaultValues = true
		o.ResolvePaths = false
		o.MaxNodeVisits = 2 * document.MaxNodes // newTree has refused a file that needs more
		o.Interpolate.Substitute = bounded(substitute)
		o.ResourceLoaders = s.fenced
		if s.needed != nil {
			o.Interpolate.TypeCastMapping = s.needed(o.Interpolate.TypeCastMapping)
		}
		s.setName(o)
	})
	if err != nil {
		return nil, "", err
	}
	name, _ = options.GetProjectName()
	return tree, name, nil
}

// configFiles returns the files as compose-go takes them.
func (s *sources) configFiles() []types.ConfigFile {
	files := make([]types.ConfigFile, len(s.files))
	for i, file := range s.files {
		files[i] = types.ConfigFile{Filename: file.Filename}
		if file.decoded.config != nil {
			files[i].Config, files[i].Content = file.decoded.config(), file.decoded.content()
		} else {
			files[i].Content = file.Content()
		}
	}
	return files
}

// errStumbled quotes nothing of the panic.
var errStumbled = errors.New("compose-go cannot read these files: a value is missing or has the wrong type")

// stumbled turns a panic of compose-go into errStumbled. Seen: "path:" without a
// value in env_file.
func stumbled(err *error) {
	if recover() != nil {
		*err = errStumbled
	}
}

// setName gives compose-go the project's name if the files have none, as `docker
// compose` does.
func (s *sources) setName(o *loader.Options) {
	if s.name != "" {
		o.SetProjectName(s.name, true)
		return
	}
	if slices.ContainsFunc(s.files, func(file sourceFile) bool { return !file.decoded.first.Empty() }) {
		return
	}
	o.SetProjectName(cmp.Or(s.stack, loader.NormalizeProjectName(filepath.Base(s.dir))), false)
}

// check asks compose-go whether the application is consistent: undefined
// references, services without an image. It does not change model, which must hold
// no value, because the error may quote anything in it.
func (s *sources) check(model map[string]any, name string, env map[string]string) error {
	if s.checkModel(distinct(model), name, env) == nil {
		return nil
	}
	if err := s.checkModel(model, name, env); err != nil {
		return s.firstChecked(err, model, name, env)
	}
	return nil
}

// checkModel is check. Of several faults it may report any.
func (s *sources) checkModel(model map[string]any, name string, env map[string]string) (err error) {
	defer stumbled(&err)
	copied := cloneMap(model)
	copied["name"] = name
	for _, service := range mapping(copied["services"]) {
		// The schema has nothing against them, and nothing refers to them: of a thousand
		// services they are most of what there would be to decode.
		delete(mapping(service), "environment")
		delete(mapping(service), "labels")
	}
	normal, err := loader.Normalize(copied, env)
	if err != nil {
		return err
	}
	details := types.ConfigDetails{WorkingDir: s.dir, ConfigFiles: s.configFiles(), Environment: env}
	options := loader.ToOptions(&details, []func(*loader.Options){func(o *loader.Options) {
		o.SkipResolveEnvironment = true
		o.SkipResolveLabels = true
		o.Profiles = s.profiles
		o.SetProjectName(name, true)
	}})
	_, err = loader.ModelToProject(normal, options, details)
	return err
}

// dropInactive removes the services that no chosen profile enables.
func (s *sources) dropInactive(model map[string]any) {
	maps.DeleteFunc(mapping(model["services"]), func(_ string, service any) bool {
		profiles, _ := mapping(service)["profiles"].([]any)
		return len(profiles) > 0 && !s.active(profiles)
	})
}

// noServices returns the error for an application without services.
func (s *sources) noServices() error {
	return fmt.Errorf("%s: it has no services; name another file with -f", s.show(s.files[0].Filename))
}

func (s *sources) active(profiles []any) bool {
	for _, have := range profiles {
		if slices.Contains(s.profiles, fmt.Sprint(have)) || slices.Contains(s.profiles, "*") {
			return true
		}
	}
	return false
}

// mapping returns value as a map, nil if it is none.
func mapping(value any) map[string]any {
	m, _ := value.(map[string]any)
	return m
}

func cloneMap(m map[string]any) map[string]any {
	copied, _ := clone(m).(map[string]any)
	return copied
}

func clone(value any) any {
	switch v := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(v))
		for key, entry := range v {
			copied[key] = clone(entry)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, item := range v {
			copied[i] = clone(item)
		}
		return copied
	}
	return value
}
