// Command docker-secrets is a Docker CLI plugin: it takes a Compose application
// from plaintext secrets to a running Swarm stack with none.
package main

import (
	"os"

	"github.com/docker-secrets/docker-secrets/plugin"
)

//go:generate go run . graph -c examples/django/docker-compose.prod.yml --format svg -o docs/graph.svg

func main() { os.Exit(plugin.Main()) }
