package plugin

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/internal/about"
)

// What the program prints before it is initialised must be what docker/cli's plugin
// framework would print.
func TestMetadataIsTheFrameworks(t *testing.T) {
	answer := filepath.Join(t.TempDir(), "answer")
	file, err := os.Create(answer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	args, stdout := os.Args, os.Stdout
	defer func() { os.Args, os.Stdout = args, stdout }()
	os.Args, os.Stdout = []string{"docker-secrets", "docker-cli-plugin-metadata"}, file
	dockerCLI, err := command.NewDockerCli()
	if err != nil {
		t.Fatal(err)
	}
	if err = runPlugin(dockerCLI); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), about.Metadata()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}
