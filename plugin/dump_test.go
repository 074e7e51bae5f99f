package plugin

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/docker-secrets/docker-secrets/compose"
	"github.com/docker-secrets/docker-secrets/compose/stackfile"
	"github.com/docker-secrets/docker-secrets/transform"
	"github.com/docker-secrets/docker-secrets/transform/classify"
	"github.com/docker-secrets/docker-secrets/transform/verdict"
)

// stages are what migrate holds of a case on its way to the model without values.
type stages struct {
	app       *compose.Application
	policy    verdict.Policy
	decisions transform.Decisions
	sealing   classify.Sealing
}

// classified loads and classifies the case in dir. ok is false for a case that does
// not load.
func (c goldenCase) classified(t *testing.T, dir string) (s stages, ok bool) {
	t.Helper()
	options := compose.Options{Dir: dir, Environ: c.environ}
	flags := pflag.NewFlagSet("migrate", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.StringArrayVarP(&options.Files, "file", "f", nil, "")
	flags.StringArrayVar(&options.EnvFiles, "env-file", nil, "")
	flags.StringArrayVar(&options.Profiles, "profile", nil, "")
	flags.StringVarP(&options.Name, "project-name", "p", "", "")
	flags.StringVar(&options.ProjectDir, "project-directory", "", "")
	flags.StringVarP(&options.Output, "output", "o", "", "")
	flags.BoolVar(&options.KeepNames, "no-interpolate", false, "")
	flags.StringArrayVar(&s.policy.Secret, "secret", nil, "")
	flags.StringArrayVar(&s.policy.Plain, "plain", nil, "")
	if err := flags.Parse(c.args); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.app, err = compose.Load(t.Context(), options); err != nil {
		return s, false
	}
	s.policy.Written = &s.app.Written.Policy
	knowBases(s.app)
	s.decisions, s.sealing = classify.Classify(s.app.Input, s.policy)
	return s, true
}

// render seals the application and makes the stack file of it. The error is that of
// the stage which refused the case.
func (s stages) render(t *testing.T) (*compose.SealedApplication, []byte, error) {
	t.Helper()
	sealed, err := s.app.Seal(t.Context(), s.sealing)
	if err != nil {
		return nil, nil, err
	}
	rewritten, err := transform.Rewrite(sealed.Model, s.decisions, transform.Options{Templates: classify.Templates(s.app.Input, s.sealing)})
	if err != nil {
		return nil, nil, err
	}
	stack, _, err := sealed.Lower(rewritten.Model)
	if err != nil {
		return nil, nil, err
	}
	file := stackfile.File{Stack: stack, Inlined: rewritten.Inlined, Renamed: rewritten.Renamed, Sources: s.app.Sources(), Layout: sealed.Layout}
	content, err := file.Render()
	return sealed, content, err
}

// No dump of what holds the values of an application may show a part of one: under
// no verb, as JSON, and to nobody who follows every pointer and unexported field.
func TestDumpsShowNoValue(t *testing.T) {
	loaded := 0
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			for name, shape := range shapes {
				if _, ok := unsealable[c.name+"/"+name]; ok {
					continue
				}
				planted, canaries := c.plant(t, shape)
				s, ok := planted.classified(t, planted.unpack(t))
				if !ok {
					continue
				}
				loaded++
				holders := map[string]any{"Application": s.app, "*Application": *s.app, "Input": s.app.Input, "Sealing": s.sealing, "Decisions": s.decisions}
				sealed, _, err := s.render(t)
				if err == nil {
					holders["SealedApplication"], holders["Layout"] = sealed, *sealed.Layout
				}
				for holder, value := range holders {
					said := dumps(t, value)
					for i, canary := range canaries {
						if part := leak(said, canary); part != "" {
							t.Errorf("%s, %s: %d bytes of secret %d are shown", name, holder, len(part), i+1)
						}
					}
				}
			}
		})
	}
	if loaded == 0 {
		t.Error("no case loads")
	}
}

// dumps is value in every form in which it could get into a log.
func dumps(t *testing.T, value any) string {
	t.Helper()
	var said []string
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		said = append(said, fmt.Sprintf(format, value))
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	said = append(said, string(encoded))
	collectTexts(reflect.ValueOf(value), map[any]bool{}, func(text string) { said = append(said, text) })
	return strings.Join(said, "\n")
}

// collectTexts visits every string and byte slice below value. seen has the pointers
// and maps that were followed.
func collectTexts(value reflect.Value, seen map[any]bool, visit func(text string)) {
	switch value.Kind() {
	case reflect.String:
		visit(value.String())
	case reflect.Pointer, reflect.Map:
		key := [2]any{value.Type(), value.Pointer()}
		if value.IsNil() || seen[key] {
			return
		}
		seen[key] = true
		if value.Kind() == reflect.Pointer {
			collectTexts(value.Elem(), seen, visit)
			return
		}
		for entries := value.MapRange(); entries.Next(); {
			collectTexts(entries.Key(), seen, visit)
			collectTexts(entries.Value(), seen, visit)
		}
	case reflect.Interface:
		if !value.IsNil() {
			collectTexts(value.Elem(), seen, visit)
		}
	case reflect.Struct:
		for _, field := range value.Fields() {
			collectTexts(field, seen, visit)
		}
	case reflect.Slice, reflect.Array:
		if value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Uint8 {
			visit(string(value.Bytes()))
			return
		}
		for i := range value.Len() {
			collectTexts(value.Index(i), seen, visit)
		}
	default: // a function has no text to be found, and a number is none
	}
}

// The walk must find a text wherever Go lets one be held, or the test above proves
// nothing.
func TestCollectTextsFindsEveryHolder(t *testing.T) {
	type inner struct{ text string }
	text := "hunter2"
	for name, holder := range map[string]any{
		"unexported": inner{text}, "pointer": &inner{text}, "list": []inner{{text}}, "array": [1]string{text}, "bytes": []byte(text),
		"key": map[string]int{text: 1}, "struct key": map[inner]int{{text}: 1}, "value": map[int]any{1: []any{&text}},
	} {
		found := false
		collectTexts(reflect.ValueOf(struct{ holder any }{holder}), map[any]bool{}, func(got string) { found = found || got == text })
		if !found {
			t.Errorf("%s: not found", name)
		}
	}
}

// An application that is sealed twice must give the same stack file twice, also
// after the first result was rewritten.
func TestSealAgain(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			s, ok := c.classified(t, c.unpack(t))
			if !ok {
				t.Skip("the case is refused")
			}
			first, content, err := s.render(t)
			second, again, errAgain := s.render(t)
			if fmt.Sprint(err) != fmt.Sprint(errAgain) {
				t.Errorf("first %v, then %v", err, errAgain)
			}
			if diff := cmp.Diff(string(content), string(again)); diff != "" {
				t.Errorf("the stack file (-first +second)\n%s", diff)
			}
			if first == nil || second == nil {
				return
			}
			if diff := cmp.Diff(first.Model, second.Model); diff != "" {
				t.Errorf("the model (-first +second)\n%s", diff)
			}
		})
	}
}
