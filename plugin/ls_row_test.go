package plugin

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/docker/cli/cli/command"
	"github.com/google/go-cmp/cmp"

	"github.com/docker-secrets/docker-secrets/swarm"
)

func versionOf(name string, version int, services ...string) listRow {
	row := listRow{}
	row.Name, row.Services, row.Usage = name, services, swarm.InUse
	row.CreatedAt = time.Now().Add(-26 * time.Hour)
	row.Owner = swarm.Owner{Stack: "shop", Secret: "payment_provider_token", Version: version}
	return row
}

// Version 10 must be listed after version 9.
func TestVersionsAreListedByNumber(t *testing.T) {
	rows := []listRow{versionOf("t_v10", 10), versionOf("t_v9", 9), versionOf("t", 1), versionOf("t_v2", 2)}
	slices.SortStableFunc(rows, func(a, b listRow) int { return a.compare(b) })
	var names []string
	for _, row := range rows {
		names = append(names, row.Name)
	}
	if diff := cmp.Diff([]string{"t", "t_v2", "t_v9", "t_v10"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The list must fit into 100 columns, however many services use a secret.
func TestListFitsTheTerminal(t *testing.T) {
	var out bytes.Buffer
	dockerCLI, err := command.NewDockerCli(command.WithOutputStream(&out))
	if err != nil {
		t.Fatal(err)
	}
	rows := []listRow{versionOf("payment_provider_token_v12", 12, "shop_web", "shop_worker", "shop_scheduler", "shop_notifications", "shop_reports")}
	if err := writeRows(dockerCLI, lsOptions{format: "table"}, rows); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, " \n")); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if !strings.Contains(out.String(), " +") {
		t.Errorf("the services that are left out are not counted:\n%s", out.String())
	}
}
