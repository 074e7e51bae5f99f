package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/mount"
	"github.com/docker/docker/api/types/swarm"
	"github.com/google/go-cmp/cmp"
)

// want is one line that says what an object of the Engine must hold:
//
//	web TaskTemplate.Resources.Limits.MemoryBytes = 536870912
//	web TaskTemplate.ContainerSpec.Mounts[Target=/data].ReadOnly = true
//	web TaskTemplate.ContainerSpec.Env[MOTD] = "two\nlines"
//	network:backend Internal = true
//
// The object is a service of the stack, or network:, config: or secret: before a
// name. The path is one of the Go type that the API has for it: [N] is an entry of a
// list, [FIELD=TEXT] the entry of a list that has it, [KEY] the value of a map or of
// a KEY=VALUE in a list, # the length. The value is JSON, null for what is not
// there; durations are strings as Go writes them, file modes strings of octal digits.
// A line that begins with "1.44+" is for Engines of that API and later.
type want struct {
	line         int
	since        string // API version, may be empty
	object, path string
	value        any
}

var sinceAPI = regexp.MustCompile(`^(\d\.\d+)\+ `)

func parseWants(text string) ([]want, error) {
	var wants []want
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		w := want{line: i + 1}
		if since := sinceAPI.FindStringSubmatch(line); since != nil {
			w.since, line = since[1], line[len(since[0]):]
		}
		left, right, ok := strings.Cut(line, " = ")
		w.object, w.path, _ = strings.Cut(left, " ")
		if !ok || w.path == "" {
			return nil, fmt.Errorf("want:%d: not OBJECT PATH = VALUE", w.line)
		}
		if err := json.Unmarshal([]byte(right), &w.value); err != nil {
			return nil, fmt.Errorf("want:%d: %w", w.line, err)
		}
		wants = append(wants, w)
	}
	return wants, nil
}

func (w want) check(stack deployed) error {
	object, ok := stack[w.object]
	if !ok {
		return fmt.Errorf("the engine has no %s", w.object)
	}
	got, err := find(object, w.path)
	if err != nil {
		return fmt.Errorf("%s %s: %w", w.object, w.path, err)
	}
	if diff := cmp.Diff(w.value, got); diff != "" {
		return fmt.Errorf("%s %s (-want +got)\n%s", w.object, w.path, diff)
	}
	return nil
}

var step = regexp.MustCompile(`^\.?(?:([A-Za-z0-9]+|#)|\[([^\]]*)\])`)

// find returns what stands at a path, as JSON would have it. A name that the type
// does not have is an error, also below what is not there.
func find(v reflect.Value, path string) (any, error) {
	there := true
	for rest := path; rest != ""; {
		at := step.FindStringSubmatch(rest)
		if at == nil {
			return nil, fmt.Errorf("no path from %q on", rest)
		}
		rest = rest[len(at[0]):]
		if v.Kind() == reflect.Pointer {
			there = there && !v.IsNil()
			v = pointedTo(v)
		}
		next, look := at[1], field
		if next == "" {
			next, look = at[2], entry
		}
		found, err := false, error(nil)
		if v, found, err = look(v, next); err != nil {
			return nil, err
		}
		there = there && found
	}
	if !there {
		return nil, nil //nolint:nilnil // null
	}
	return plain(v)
}

// pointedTo is what a pointer points to; of nil, an empty one.
func pointedTo(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Pointer {
		return v
	}
	if v.IsNil() {
		return reflect.Zero(v.Type().Elem())
	}
	return v.Elem()
}

func field(v reflect.Value, name string) (reflect.Value, bool, error) {
	if name == "#" {
		if v.Kind() != reflect.Slice && v.Kind() != reflect.Map {
			return v, false, fmt.Errorf("%s has no length", v.Type())
		}
		return reflect.ValueOf(v.Len()), true, nil
	}
	if v.Kind() != reflect.Struct || !v.FieldByName(name).IsValid() {
		return v, false, fmt.Errorf("%s has no %s", v.Type(), name)
	}
	return v.FieldByName(name), true, nil
}

func entry(v reflect.Value, key string) (reflect.Value, bool, error) {
	if v.Kind() == reflect.Map {
		if value := v.MapIndex(reflect.ValueOf(key)); value.IsValid() {
			return value, true, nil
		}
		return reflect.Zero(v.Type().Elem()), false, nil
	}
	if v.Kind() != reflect.Slice {
		return v, false, fmt.Errorf("%s has no entries", v.Type())
	}
	i, err := strconv.Atoi(key)
	if err != nil {
		return matching(v, key)
	}
	if i >= v.Len() {
		return v, false, fmt.Errorf("there are %d entries only", v.Len())
	}
	return v.Index(i), true, nil
}

// matching is the first entry of a list which has FIELD=TEXT, or VALUE of KEY=VALUE.
func matching(v reflect.Value, key string) (reflect.Value, bool, error) {
	name, text, selects := strings.Cut(key, "=")
	for i := range v.Len() {
		if v.Type().Elem().Kind() == reflect.String {
			if k, value, _ := strings.Cut(v.Index(i).String(), "="); k == key {
				return reflect.ValueOf(value), true, nil
			}
			continue
		}
		got, err := find(v.Index(i), name)
		if err != nil || !selects {
			return v, false, errors.Join(err, fmt.Errorf("[%s] selects nothing", key))
		}
		if fmt.Sprint(got) == text {
			return v.Index(i), true, nil
		}
	}
	return reflect.Zero(v.Type().Elem()), false, nil
}

// plain is a value in the terms of JSON.
func plain(v reflect.Value) (any, error) {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, nil //nolint:nilnil // null
	}
	switch value := pointedTo(v).Interface().(type) {
	case time.Duration:
		return value.String(), nil
	case os.FileMode:
		return fmt.Sprintf("%04o", value), nil
	case []byte:
		return string(value), nil
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, err
	}
	var out any
	err = json.Unmarshal(text, &out)
	return out, err
}

// A want must fail when its path is wrong, the object is not there or the value is
// another, and hold only when all is right.
func TestWantFailsUnlessAllIsRight(t *testing.T) {
	replicas, wait := uint64(2), 90*time.Second
	stack := deployed{"web": reflect.ValueOf(swarm.ServiceSpec{
		Annotations: swarm.Annotations{Name: "web", Labels: map[string]string{"a.b": "c"}},
		Mode:        swarm.ServiceMode{Replicated: &swarm.ReplicatedService{Replicas: &replicas}},
		TaskTemplate: swarm.TaskSpec{ContainerSpec: &swarm.ContainerSpec{
			Env: []string{"A=b=c"}, StopGracePeriod: &wait,
			Mounts:  []mount.Mount{{Target: "/x"}, {Target: "/y", ReadOnly: true}},
			Configs: []*swarm.ConfigReference{{File: &swarm.ConfigReferenceFileTarget{Name: "/c", Mode: 0o440}}},
		}},
	})}
	const container = "TaskTemplate.ContainerSpec."
	for line, holds := range map[string]bool{
		`web Name = "web"`:                                              true,
		`web Labels[a.b] = "c"`:                                         true,
		`web Labels[a] = null`:                                          true,
		`web Mode.Replicated.Replicas = 2`:                              true,
		`web ` + container + `Env[A] = "b=c"`:                           true,
		`web ` + container + `StopGracePeriod = "1m30s"`:                true,
		`web ` + container + `Mounts[Target=/y].ReadOnly = true`:        true,
		`web ` + container + `Mounts.# = 2`:                             true,
		`web ` + container + `Mounts[Target=/z] = null`:                 true,
		`web ` + container + `Configs[File.Name=/c].File.Mode = "0440"`: true,
		`web ` + container + `Healthcheck = null`:                       true,
		`web TaskTemplate.RestartPolicy.MaxAttempts = null`:             true,
		`web TaskTemplate.RestartPolicy.Condition = null`:               true,

		`db Name = "web"`:                                   false,
		`web Name = "other"`:                                false,
		`web Names = null`:                                  false,
		`web Mode.Replicated.Replicas = null`:               false,
		`web Mode.Replicated.Replicas.X = null`:             false,
		`web ` + container + `Mounts[5].ReadOnly = null`:    false,
		`web ` + container + `Mounts[Aim=/y] = null`:        false,
		`web ` + container + `Mounts[/y] = null`:            false,
		`web ` + container + `Healthcheck.Intervall = null`: false,
		`web ` + container + `Env[A] = null`:                false,
	} {
		wants, err := parseWants(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if err := wants[0].check(stack); (err == nil) != holds {
			t.Errorf("%s: %v", line, err)
		}
	}
}
