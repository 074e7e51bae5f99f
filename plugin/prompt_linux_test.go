package plugin

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/docker/cli/cli/command"
)

// A new value must be typed twice, the same both times, and the terminal must not show it.
func TestNewValueIsTypedTwice(t *testing.T) {
	for _, c := range []struct{ typed, fault string }{
		{"otter-81\n" + "otter-81\n", ""},
		{"otter-81\notter-82\n", "api_key: the two values differ; nothing was changed"},
		{"\n", "api_key: no value was given"},
	} {
		keyboard, in := openTerminal(t)
		before := terminalState(t, in)
		var shown bytes.Buffer
		dockerCLI, err := command.NewDockerCli(command.WithErrorStream(&shown))
		if err != nil {
			t.Fatal(err)
		}
		dockerCLI.SetIn(in)
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		go whenRaw(ctx, in, before, func() { _, _ = keyboard.WriteString(c.typed) })
		value, err := askValue(ctx, dockerCLI, "api_key")
		if c.fault != "" && (err == nil || err.Error() != c.fault) {
			t.Errorf("%q: got %v, want %s", c.typed, err, c.fault)
		}
		if c.fault == "" && (err != nil || value.Reveal() != "otter-81") {
			t.Errorf("%q: error %v, or another value", c.typed, err)
		}
		if strings.Contains(shown.String(), "otter") {
			t.Error("the terminal shows the value")
		}
		if terminalState(t, in) != before {
			t.Error("the terminal is not as it was")
		}
	}
}
