package plugin

import (
	"io"

	"github.com/docker/cli/cli/command"
	"github.com/spf13/cobra"
)

// Tree returns the commands as the docker CLI shows them, below "docker secrets", for
// pages that are generated from them. It connects to no Engine. Nothing of it may be
// run; it fails if the streams cannot be set up.
func Tree() (*cobra.Command, error) {
	dockerCLI, err := command.NewDockerCli(command.WithCombinedStreams(io.Discard))
	if err != nil {
		return nil, err
	}
	root := newRootCommand(dockerCLI, "secrets")
	root.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: "docker secrets"}
	root.DisableAutoGenTag = true
	return root, nil
}
