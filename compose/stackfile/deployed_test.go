package stackfile

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What services ask of the Swarm must be read in every form, from all files, without
// what has a variable in it.
func TestReadFindsWhatServicesAskFor(t *testing.T) {
	dir := t.TempDir()
	base, more := filepath.Join(dir, "base.yml"), filepath.Join(dir, "more.yml")
	for path, content := range map[string]string{base: `services:
  api:
    networks: [back, "${NET}"]
    ports: ["80", "8080:80", "127.0.0.1:9000-9001:90-91/UDP", "${PORT}:1", {target: 1, published: 5432, mode: host}, {target: 2, published: "53", protocol: udp}, {target: 3}]
    secrets: [one, {source: two, target: ../two}]
  web:
    networks: {front: {aliases: [w]}, back: null}
networks:
  back: {external: true, name: shop_back}
  front: {}
secrets:
  one: {file: ./one.txt}
  two: {external: true}
`, more: `services:
  api:
    ports: ["8080:80"]
    secrets: [{source: one, target: other}]
    configs: [app]
configs:
  app: {file: app.conf}
`} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read([]string{base, more})
	if err != nil {
		t.Fatal(err)
	}
	services := []Deployed{
		{
			Name: "api", File: base, Line: 2, Networks: []string{"back"},
			Ports:   []Port{{8080, "tcp", false}, {9000, "udp", false}, {9001, "udp", false}, {5432, "tcp", true}, {53, "udp", false}},
			Secrets: []Mount{{"two", "../two"}, {"one", "other"}}, Configs: []Mount{{"app", "app"}},
		},
		{Name: "web", File: base, Line: 6, Networks: []string{"back", "front"}},
	}
	networks := []Network{{Name: "back", Object: "shop_back", External: true}, {Name: "front"}}
	local := []Local{{Config: true, Name: "app", Path: "app.conf", File: more}, {Name: "one", Path: "./one.txt", File: base}}
	if diff := cmp.Diff([]any{services, networks, local}, []any{got.Services, got.Networks, got.Local}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
