// Command docker-secrets is a Docker CLI plugin: it takes a Compose application
// from plaintext secrets to a running Swarm stack with none.
package main

import (
	"os"

	"github.com/docker-secrets/docker-secrets/plugin"
)

func main() { os.Exit(plugin.Main()) }
