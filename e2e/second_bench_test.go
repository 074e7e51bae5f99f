package e2e

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker-secrets/docker-secrets/internal/enginetest"
)

// manyServices is a stack file of services that use each of secrets, and the env file with
// their values. No task runs.
func manyServices(stack string, services, secrets int) (file, env string) {
	var text, declared, values strings.Builder
	fmt.Fprintf(&text, "x-stack: %s\nversion: \"3.9\"\nservices:\n", stack)
	for i := range services {
		fmt.Fprintf(&text, "  s%d:\n    image: busybox:local\n    command: [\"sleep\", \"1000\"]\n    deploy: {replicas: 0}\n    secrets: [", i)
		for j := i * secrets / services; j < (i+1)*secrets/services; j++ {
			fmt.Fprintf(&text, "%s_v%dalue, ", stack, j)
			fmt.Fprintf(&declared, "  %s_v%dalue: {external: true, x-from: \"env://V%dALUE\"}\n", stack, j, j)
			fmt.Fprintf(&values, "V%dALUE=value-%d-of-many\n", j, j)
		}
		text.WriteString("]\n")
	}
	return text.String() + "secrets:\n" + declared.String(), values.String()
}

// BenchmarkSecondDeploy is the time of a deploy that changes nothing, and of the docker
// stack deploy in it, for 100 services with 500 secrets. Neither waits for tasks.
func BenchmarkSecondDeploy(b *testing.B) {
	engine := enginetest.Shared(b)
	binary, err := program()
	if err != nil {
		b.Fatal(err)
	}
	dir, config := b.TempDir(), b.TempDir()
	file, env := manyServices("second", 100, 500)
	plugins := filepath.Join(config, "cli-plugins")
	err = errors.Join(os.MkdirAll(plugins, 0o755), os.Symlink(binary, filepath.Join(plugins, "docker-secrets")),
		os.WriteFile(filepath.Join(dir, "docker-compose.prod.yml"), []byte(file), 0o600), os.WriteFile(filepath.Join(dir, ".env"), []byte(env), 0o600))
	if err != nil {
		b.Fatal(err)
	}
	docker := func(b *testing.B, args ...string) {
		b.Helper()
		cmd := exec.CommandContext(b.Context(), "docker", args...)
		cmd.Dir = dir
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + config, "DOCKER_CONFIG=" + config, "DOCKER_HOST=" + engine.Host}
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	docker(b, "secrets", "deploy", "--resolve-image", "never", "--stable", "1s")
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			docker(b, "stack", "deploy", "--resolve-image", "never", "--detach=true", "-c", "docker-compose.prod.yml", "second")
		}
	})
	b.Run("secrets", func(b *testing.B) {
		for b.Loop() {
			docker(b, "secrets", "deploy", "--resolve-image", "never", "--detach")
		}
	})
}
