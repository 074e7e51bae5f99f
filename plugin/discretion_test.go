package plugin

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/docker/cli/cli"
	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"

	"github.com/docker-secrets/docker-secrets/secret"
)

// An error that quotes a value which its command has learnt must not show it, in whatever
// form, and must keep its exit code.
func TestErrorsAreDiscreet(t *testing.T) {
	const value = `Kd83"xQ2$mVt9z`
	for name, fault := range map[string]error{
		"as it is":  errors.New("parse " + value + ": bad"),
		"quoted":    fmt.Errorf("parse %q: bad", value),
		"wrapped":   fmt.Errorf("create: %w", errors.New(value)),
		"with code": cli.StatusError{Status: "x " + value, StatusCode: exitUsage},
	} {
		cmd := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, RunE: discreet(func(cmd *cobra.Command, _ []string) error {
			learn(cmd.Context(), secret.NewValue(value))
			return fault
		})}
		cmd.SetArgs(nil)
		err := cmd.ExecuteContext(t.Context())
		if err == nil || strings.Contains(err.Error(), "xQ2") {
			t.Errorf("%s: the error shows the value, or is lost", name)
		}
		if status, ok := errors.AsType[cli.StatusError](err); name == "with code" && (!ok || status.StatusCode != exitUsage) {
			t.Errorf("%s: the exit code is lost", name)
		}
	}
}

// Every command that runs something must be discreet.
func TestAllCommandsAreDiscreet(t *testing.T) {
	dockerCLI, err := command.NewDockerCli()
	if err != nil {
		t.Fatal(err)
	}
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		for _, below := range cmd.Commands() {
			if below.Run != nil || below.RunE == nil {
				t.Errorf("%s does not run by RunE, so that its errors are not looked at", below.CommandPath())
			}
			check(below)
		}
	}
	check(newRootCommand(dockerCLI, "docker-secrets"))
}
