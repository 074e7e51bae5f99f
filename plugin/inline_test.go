package plugin

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/cli/cli/command"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/swarm"
)

const inlinedStack = `x-stack: shop
services:
  api:
    image: x
    secrets: [db_password]
    labels: {a: "${DB_PASSWORD}", b: "${MAIL_KEY}", c: "${TAG}"}
secrets:
  db_password: {external: true, x-from: "dotenv://dev.env#DB_PASSWORD"}
x-inline:
  DB_PASSWORD: dotenv://dev.env#DB_PASSWORD
  MAIL_KEY: dotenv://dev.env#MAIL_KEY
`

// A secret that stands in clear must have the value that the deploy takes for it:
// that of --set, that below --from, else that of its sources, which then must be
// told. A variable that is no secret must come from the environment alone.
func TestInlinedHasValueOfTheDeploy(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"docker-compose.prod.yml": inlinedStack,
		"dev.env":                 "DB_PASSWORD=dev-db\nMAIL_KEY=dev-mail\n",
		"stage.env":               "DB_PASSWORD=stage-db\n",
		"prod.env":                "DB_PASSWORD=prod-db\nMAIL_KEY=prod-mail\nTAG=none\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TAG", "v7")
	for _, tt := range []struct {
		from      string
		set       []string
		want      map[string]string
		elsewhere []string
	}{
		{"", nil, map[string]string{"DB_PASSWORD": "dev-db", "MAIL_KEY": "dev-mail", "TAG": "v7"}, nil},
		{"dotenv://prod.env", nil, map[string]string{"DB_PASSWORD": "prod-db", "MAIL_KEY": "prod-mail", "TAG": "v7"}, nil},
		{"", []string{"db_password=-"}, map[string]string{"DB_PASSWORD": "typed", "MAIL_KEY": "dev-mail", "TAG": "v7"}, nil},
		{
			"dotenv://stage.env", nil,
			map[string]string{"DB_PASSWORD": "stage-db", "MAIL_KEY": "dev-mail", "TAG": "v7"},
			[]string{"mail_key"},
		},
	} {
		cli, err := command.NewDockerCli(command.WithCombinedStreams(&bytes.Buffer{}), command.WithInputStream(io.NopCloser(strings.NewReader("typed\n"))))
		if err != nil {
			t.Fatal(err)
		}
		d := &deployment{change: change{cli: cli, tell: &teller{cli: cli}}, options: deployOptions{
			files: []string{filepath.Join(dir, "docker-compose.prod.yml")}, workingDir: dir,
			from: tt.from, set: tt.set, inline: []string{"DB_PASSWORD", "MAIL_KEY", "TAG"},
		}}
		file, input, _, err := readDeploy(d.options)
		if err != nil {
			t.Fatal(err)
		}
		d.input = input
		resolved, err := d.lookUp(t.Context(), file, swarm.State{})
		err = errors.Join(append(resolved.heldSources(), err, resolved.fault)...)
		if err != nil {
			t.Fatalf("--from %s: %v", tt.from, err)
		}
		if diff := cmp.Diff(tt.elsewhere, resolved.notBelow); diff != "" {
			t.Errorf("--from %s: not below (-want +got):\n%s", tt.from, diff)
		}
		got := map[string]string{}
		for _, one := range resolved.inlined {
			got[one.name] = one.value.Reveal()
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("--from %s --set %q (-want +got):\n%s", tt.from, tt.set, diff)
		}
	}
}
