package swarm

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/docker-secrets/docker-secrets/secret"
	forms "github.com/docker-secrets/docker-secrets/transform/verdict" // the package has a type called verdict
)

// Residue is a place on the Swarm that holds a value in clear text. A Residue never
// holds the value.
type Residue struct {
	Name    string // the logical name of the secret
	Where   string // service app_web, previous spec: environment DB_PASSWORD
	Service string // the ID of the service it belongs to, or ""
}

// FindResidue searches the snapshot for the values of wants: the spec and previous
// spec of every service, every task, and the content of every config. Values of
// fewer than four characters are not searched for, they turn up everywhere. The
// result is sorted and has no doubles.
func FindResidue(state State, wants []Want) []Residue {
	s := searcher{}
	for _, want := range wants {
		if want.Kind == Secret && want.Found && want.Value.Len() >= forms.Shortest {
			s.names, s.values = append(s.names, want.Name), append(s.values, want.Value)
		}
	}
	for _, service := range state.Services {
		s.service = service.ID
		s.search("service "+service.Spec.Name, reflect.ValueOf(service.Spec), "")
		s.search("service "+service.Spec.Name+", previous spec", reflect.ValueOf(service.PreviousSpec), "")
	}
	serviceNames := map[string]string{}
	for _, service := range state.Services {
		serviceNames[service.ID] = service.Spec.Name
	}
	for _, task := range state.Tasks {
		s.service = task.ServiceID
		name := cmp.Or(serviceNames[task.ServiceID], task.ServiceID)
		s.search(fmt.Sprintf("task %s.%d (%s)", name, task.Slot, task.Status.State), reflect.ValueOf(task.Spec), "")
	}
	s.service = ""
	for _, object := range state.Objects {
		if object.Kind == Config {
			s.look("config "+object.Name, "content", string(object.data))
		}
	}
	slices.SortFunc(s.found, func(a, b Residue) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Where, b.Where)) })
	return slices.Compact(s.found)
}

type searcher struct {
	names  []string
	values []secret.Value
	found  []Residue

	service string // whose places are searched
}

// search looks at every text below v. path leads there, in the Engine's words.
func (s *searcher) search(place string, v reflect.Value, path string) {
	switch v.Kind() { //nolint:exhaustive // the other kinds hold no text
	case reflect.String:
		s.look(place, path, v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			s.search(place, v.Elem(), path)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				s.search(place, v.Field(i), join(path, field.Name))
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			s.look(place, path, string(v.Bytes()))
			return
		}
		for i := range v.Len() {
			s.search(place, v.Index(i), path+"["+strconv.Itoa(i)+"]")
		}
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			key := fmt.Sprint(entry.Key())
			s.look(place, path+" (a key)", key)
			s.search(place, entry.Value(), join(path, key))
		}
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// look reports the values in text. Of an environment entry its name says more
// than its index.
func (s *searcher) look(place, path, text string) {
	for i, value := range s.values {
		if !strings.Contains(text, value.Reveal()) {
			continue
		}
		where := path
		if name, rest, isEntry := strings.Cut(text, "="); isEntry && strings.Contains(path, ".Env[") && strings.Contains(rest, value.Reveal()) {
			where = "environment " + name
		}
		// A path may hold map keys, and a key may hold a value.
		s.found = append(s.found, Residue{s.names[i], redact(place+": "+where, s.values), s.service})
	}
}
