package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/docker-secrets/docker-secrets/secret"
)

const text = "kR7xT2mB9vQ4wZ6n"

// holders hold a value wherever Go lets one hold it.
func holders() map[string]any {
	type exported struct{ Password secret.Value }
	type unexported struct{ password secret.Value }
	type nested struct {
		inner  *unexported
		list   []secret.Value
		byName map[string]secret.Value
		any    any
	}
	value := secret.NewValue(text)
	return map[string]any{
		"value": value, "pointer": &value, "exported": exported{value}, "unexported": unexported{value},
		"nested": nested{inner: &unexported{value}, list: []secret.Value{value}, byName: map[string]secret.Value{"a": value}, any: value},
		"list":   []secret.Value{value}, "map": map[string]secret.Value{"a": value}, "channel": func() any { c := make(chan secret.Value, 1); c <- value; return c }(),
	}
}

// shows fails when text, as it is or in hexadecimal, stands in said.
func shows(t *testing.T, how, said string) {
	t.Helper()
	lower := strings.ToLower(said)
	for _, form := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("% x", text), strings.Trim(fmt.Sprintf("%d", []byte(text)), "[]")} {
		if strings.Contains(lower, strings.ToLower(form)) {
			t.Errorf("%s shows the value", how)
		}
	}
}

// A value must not show itself under any verb of fmt, with any flag, nor in
// whatever holds it.
func TestValueHidesFromFormatting(t *testing.T) {
	for name, holder := range holders() {
		for _, flag := range []string{"", "+", "#", "-", " ", "0", "+#", "40", ".20", "# "} {
			for verb := 'A'; verb <= 'z'; verb++ {
				format := "%" + flag + string(verb)
				shows(t, name+" under "+format, fmt.Sprintf(format, holder))
			}
		}
		shows(t, name+" printed", fmt.Sprint(holder)+fmt.Sprintln(holder))
		shows(t, name+" in an error", fmt.Errorf("x: %v", holder).Error())
	}
}

// A value must not show itself to encoders, loggers and comparers.
func TestValueHidesFromEncoders(t *testing.T) {
	for name, holder := range holders() {
		if name == "channel" {
			continue // no encoder takes one
		}
		inJSON, err := json.Marshal(holder)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		shows(t, name+" in JSON", string(inJSON))
		inYAML, err := yaml.Marshal(holder)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		shows(t, name+" in YAML", string(inYAML))
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", holder)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", holder, slog.Group("g", "v", holder))
		shows(t, name+" in a log", log.String())
		everything := cmp.Exporter(func(reflect.Type) bool { return true })
		shows(t, name+" in a diff", cmp.Diff(holder, nil, everything))
	}
	shows(t, "a diff of two", cmp.Diff(secret.NewValue(text), secret.NewValue("another")))
}

// A panic with a value, or in a function that has one, must not show it.
func TestValueHidesFromPanics(t *testing.T) {
	if name := os.Getenv("PANIC_WITH"); name != "" {
		panic(holders()[name])
	}
	for name := range holders() {
		run := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestValueHidesFromPanics$")
		run.Env = append(os.Environ(), "PANIC_WITH="+name, "GOTRACEBACK=all")
		said, err := run.CombinedOutput()
		if err == nil || !strings.Contains(string(said), "panic") {
			t.Errorf("%s: no panic: %v", name, err)
		}
		shows(t, name+" in a panic", string(said))
	}
}

// Reveal must give the text back, and Equal, Len and Empty must speak of it.
func TestRevealGivesTheText(t *testing.T) {
	value, zero := secret.NewValue(text), secret.Value{}
	if value.Reveal() != text || value.Len() != len(text) || value.Empty() || !value.Equal(secret.NewValue(text)) {
		t.Error("the value is not what it was made of")
	}
	if zero.Reveal() != "" || zero.Len() != 0 || !zero.Empty() || zero.Equal(value) || !zero.Equal(secret.NewValue("")) {
		t.Error("the zero value is not the empty text")
	}
}
