package plugin

import "github.com/spf13/cobra"

// examples are what --help shows below each command, by name.
//
//nolint:gochecknoglobals // a table, never written
var examples = map[string]string{
	"migrate": `  docker secrets migrate
  docker secrets migrate -f compose.yaml -f compose.prod.yaml --strict
  docker secrets migrate --check`,
	"deploy": `  docker secrets deploy shop
  docker secrets deploy --dry-run shop
  docker secrets deploy --rotate shop
  pass shop/api | docker secrets deploy --set api_key=- shop`,
	"rotate": `  docker secrets rotate shop session_key --generate 48
  pass shop/api | docker secrets rotate shop api_key -`,
	"ls": `  docker secrets ls
  docker secrets ls shop --filter state=unused`,
	"prune": `  docker secrets prune shop --dry-run
  docker secrets prune -f shop`,
	"push": `  docker secrets push --to awssecrets://gym-ai-prod/
  docker secrets push --to vault://secret/gym-ai#/`,
	"diff": `  docker secrets diff shop
  docker secrets diff shop --exit-code`,
}

// addExamples gives each command below root its example.
func addExamples(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.Example == "" {
			cmd.Example = examples[cmd.Name()]
		}
	}
}
